# Half of a unit's compile time went to the standard library, Asio and GoogleTest, so they are compiled once a
# configuration. Only headers that nobody edits: ours would rebuild everything at each change.
set(precompiled_headers
    <algorithm> <array> <chrono> <cmath> <cstdint> <expected> <format> <functional> <map> <memory> <optional> <ranges>
    <set> <span> <string> <string_view> <unordered_map> <unordered_set> <utility> <variant> <vector>
    <boost/asio/awaitable.hpp>)
# Tests read JSON answers and print what differs.
set(precompiled_test_headers ${precompiled_headers} <gmock/gmock.h> <glaze/json.hpp>)

# Every library and program under FOLDER shares the header of OWNER.
function(share_precompiled_header owner folder)
    get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
    foreach(inner ${folders})
        share_precompiled_header(${owner} ${inner})
    endforeach()
    get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target ${targets})
        get_target_property(type ${target} TYPE)
        if(type MATCHES "STATIC_LIBRARY|EXECUTABLE" AND NOT target STREQUAL owner)
            target_precompile_headers(${target} REUSE_FROM ${owner})
        endif()
    endforeach()
endfunction()
