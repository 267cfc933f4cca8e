# module(campaigns USES companies assets [DOORS ids.hpp] [LINKS ...] [PUBLISHES schema.table ...])
#
# One room of src/ is one target. USES names the rooms whose front doors it may include: <room>.hpp, and DOORS beside it.
# PUBLISHES names the tables that reporting rooms may read. tools/tidy reads the same lines and fails on anything else.
# Sources are all *.cpp of the folder but tests; tests join one of two binaries, by whether they need PostgreSQL.
function(module name)
    cmake_parse_arguments(room "" "" "USES;DOORS;LINKS;PUBLISHES;UNIT_TESTS;DATABASE_TESTS" ${ARGN})
    set(folder ${PROJECT_SOURCE_DIR}/src/${name})
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/sql/*.cpp)
    list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
    add_library(room_${name} STATIC ${sources})
    file(GLOB queries CONFIGURE_DEPENDS ${folder}/queries.sql ${folder}/*_queries.sql)
    if(queries)
        set(header ${PROJECT_BINARY_DIR}/generated/src/${name}/queries.hpp)
        add_custom_command(
            OUTPUT ${header}
            COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/embed_sql/embed_sql.py
                    ${name} ${queries} ${header}
            DEPENDS ${queries} ${PROJECT_SOURCE_DIR}/tools/embed_sql/embed_sql.py
            COMMENT "SQL of ${name}")
        target_sources(room_${name} PRIVATE ${header})
        add_custom_target(sql_${name} DEPENDS ${header})
        add_dependencies(room_${name} sql_${name})
        set_property(GLOBAL APPEND PROPERTY sql_targets sql_${name})
        set_property(GLOBAL APPEND PROPERTY sql_rooms ${name})
    endif()
    target_link_libraries(room_${name} PUBLIC platform_http platform_db platform_jobs platform_trail platform_json
                                              platform_crypto platform_log platform_async platform_problem platform_clock platform_ids)
    foreach(used ${room_USES})
        target_link_libraries(room_${name} PUBLIC room_${used})
    endforeach()
    if(room_LINKS)
        target_link_libraries(room_${name} PUBLIC ${room_LINKS})
    endif()
    foreach(test ${room_UNIT_TESTS})
        set_property(GLOBAL APPEND PROPERTY unit_test_sources ${folder}/${test})
    endforeach()
    foreach(test ${room_DATABASE_TESTS})
        set_property(GLOBAL APPEND PROPERTY database_test_sources ${folder}/${test})
    endforeach()
    set_property(GLOBAL APPEND PROPERTY rooms room_${name})
endfunction()
