# find_package(oauthapp REQUIRED CONFIG) for an Android build with CMake alone; Gradle makes its own of the AAR.
# Gives oauthapp::oauthapp, the shared library, and oauthapp::oauthapp_static.
get_filename_component(_oauthapp_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT EXISTS "${_oauthapp_root}/lib/${ANDROID_ABI}/liboauthapp.so")
    set(oauthapp_FOUND FALSE)
    set(oauthapp_NOT_FOUND_MESSAGE "This is oauthapp for Android, and not for the ABI \"${ANDROID_ABI}\".")
    return()
endif()

if(NOT TARGET oauthapp::oauthapp)
    add_library(oauthapp::oauthapp SHARED IMPORTED)
    set_target_properties(oauthapp::oauthapp PROPERTIES
        IMPORTED_LOCATION "${_oauthapp_root}/lib/${ANDROID_ABI}/liboauthapp.so"
        INTERFACE_INCLUDE_DIRECTORIES "${_oauthapp_root}/include")

    add_library(oauthapp::oauthapp_static STATIC IMPORTED)
    set_target_properties(oauthapp::oauthapp_static PROPERTIES
        IMPORTED_LOCATION "${_oauthapp_root}/lib/${ANDROID_ABI}/liboauthapp.a"
        INTERFACE_INCLUDE_DIRECTORIES "${_oauthapp_root}/include"
        INTERFACE_LINK_LIBRARIES "dl;log;m")
endif()
unset(_oauthapp_root)
