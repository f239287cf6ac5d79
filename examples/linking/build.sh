#!/usr/bin/env bash
# Makes the programs in this folder with a compiler and pkg-config alone.
# shellcheck disable=SC2046  # what pkg-config gives is several words
set -euo pipefail

# [shared]
cc -o app app.c $(pkg-config --cflags --libs oauthapp) -Wl,-rpath,"$(pkg-config --variable=libdir oauthapp)"
# [/shared]

# [static]
cc -o app-static app.c $(pkg-config --cflags --static --libs oauthapp | sed s/-loauthapp/-l:liboauthapp.a/)
# [/static]

c++ -std=c++17 -o app-cpp app.cpp $(pkg-config --cflags --libs oauthapp) -Wl,-rpath,"$(pkg-config --variable=libdir oauthapp)"
c++ -std=c++17 -o app-cpp-static app.cpp $(pkg-config --cflags --static --libs oauthapp | sed s/-loauthapp/-l:liboauthapp.a/)
