# Compiler settings of every target. Warnings are errors: the platform is one compiler, pinned by the build root.
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)  # no modules here, and scanning for them runs every file twice and past ccache
# GCC 14 takes Asio's frame allocator, once inlined, for a mismatched new and delete: a false alarm.
# Members left out of a designated initializer take their defaults on purpose, hence no warning about them.
add_compile_options(-Wall -Wextra -Wno-missing-field-initializers -Wno-mismatched-new-delete -Wconversion -Wshadow -Werror -fno-omit-frame-pointer -ffp-contract=off)
# The product's numbers must be recomputable by others, so no fused multiply-add behind our back (-ffp-contract=off).

# -O3 costs half as much compile time again and moved no benchmark of ours.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

# Else ccache cannot tell one precompiled header from another.
add_compile_options(-fpch-preprocess)

add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
include_directories(${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)

# Sources that tests keep busy for minutes: optimised under the sanitizers too, and then without the precompiled header,
# which is not.
function(worth_optimising)
    if(MOBILYTICS_SANITIZE)
        set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O1 SKIP_PRECOMPILE_HEADERS ON)
    endif()
endfunction()

if(MOBILYTICS_SANITIZE)
    # Unoptimised: with these checks optimising took longer than it saved the tests. Checking each pointer before its use
    # costs a tenth of the build: a null one ends in AddressSanitizer's report anyway, a misaligned one nobody finds here.
    add_compile_options(-fsanitize=address,undefined -fno-sanitize=null,alignment -fno-sanitize-recover=all -O0 -g1)
    add_link_options(-fsanitize=address,undefined)
endif()
if(MOBILYTICS_SANITIZE_THREAD)
    add_compile_options(-fsanitize=thread -O1 -g1)
    add_link_options(-fsanitize=thread)
endif()

find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
