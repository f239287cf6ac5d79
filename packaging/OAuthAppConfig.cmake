# find_package(OAuthApp 1) gives OAuthApp::oauthapp, the shared library, and OAuthApp::oauthapp_static, each with the headers
# for C and C++. One that is not installed has no target.

# Everything is found from where this file is, so that the whole can be moved, and in no other place, where another version
# could be.
get_filename_component(_OAuthApp_HERE "${CMAKE_CURRENT_LIST_DIR}/../.." REALPATH)

# Folders, seen from there. `make install` writes the ones it has used. `cargo cinstall` leaves these, and puts this file
# into lib also where its --libdir is another one.
set(_OAuthApp_LIBDIRS . "${CMAKE_LIBRARY_ARCHITECTURE}" ../lib64)
set(_OAuthApp_INCLUDEDIRS ../include)

function(_OAuthApp_find variable name)
  foreach(folder IN LISTS ARGN)
    get_filename_component(folder "${folder}" ABSOLUTE BASE_DIR "${_OAuthApp_HERE}")
    if(EXISTS "${folder}/${name}")
      set(${variable} "${folder}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${variable} "" PARENT_SCOPE)
endfunction()
_OAuthApp_find(_OAuthApp_INCLUDE oauthapp.h ${_OAuthApp_INCLUDEDIRS})
_OAuthApp_find(_OAuthApp_SHARED liboauthapp.so ${_OAuthApp_LIBDIRS})
_OAuthApp_find(_OAuthApp_STATIC liboauthapp.a ${_OAuthApp_LIBDIRS})

if(NOT _OAuthApp_INCLUDE)
  set(OAuthApp_FOUND FALSE)
  set(OAuthApp_NOT_FOUND_MESSAGE "oauthapp.h is not where it was installed")
endif()
if(_OAuthApp_INCLUDE AND _OAuthApp_SHARED AND NOT TARGET OAuthApp::oauthapp)
  add_library(OAuthApp::oauthapp SHARED IMPORTED)
  set_target_properties(OAuthApp::oauthapp PROPERTIES
    IMPORTED_LOCATION "${_OAuthApp_SHARED}/liboauthapp.so"
    INTERFACE_INCLUDE_DIRECTORIES "${_OAuthApp_INCLUDE}")
endif()
if(_OAuthApp_INCLUDE AND _OAuthApp_STATIC AND NOT TARGET OAuthApp::oauthapp_static)
  add_library(OAuthApp::oauthapp_static STATIC IMPORTED)
  set_target_properties(OAuthApp::oauthapp_static PROPERTIES
    IMPORTED_LOCATION "${_OAuthApp_STATIC}/liboauthapp.a"
    INTERFACE_INCLUDE_DIRECTORIES "${_OAuthApp_INCLUDE}"
    INTERFACE_LINK_LIBRARIES "gcc_s;util;rt;pthread;m;dl;c")
endif()
