# The unit tests of the pure measurement engine, for the UNIT_TESTS of its room.
set(measurement_engine_unit_tests
    corrections_test.cpp
    coverage_test.cpp
    exposure_test.cpp
    history_test.cpp
    invariants_test.cpp
    records_test.cpp
    track_test.cpp
    visits_test.cpp
    worked_world_test.cpp)
