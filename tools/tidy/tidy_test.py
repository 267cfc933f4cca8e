#!/usr/bin/env python3
"""Plants each fault in a small healthy tree and shows that the check meant for it, and no other, finds it."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import asvs
import event_types
import parts
import problem_codes
import source
import tidy
from tree import Tree


def asvs_page(changed={}, more=""):
    """A table in which all but the first requirement are of no concern, with rows changed by id, counted right."""
    lines = {id: f"| {id} | {level} | It asks. | not applicable | It is not there. |\n"
             for id, level in asvs.requirements().items()}
    lines["1.1.1"] = "| 1.1.1 | 2 | It asks. | met | Shown by `src/fleet/fleet_test.cpp` `TEST(A, B)`, `README.md` |\n"
    return asvs.counted(f"{asvs.BEGIN}\n{asvs.END}\n" + "".join({**lines, **changed}.values()) + more)


PARTS = f"""{parts.BEGIN}
| part | from | for |
|---|---|---|
| libpq-dev | Debian 13 | libraries |
| react | npm | pages |
{parts.END}
"""

HEALTHY = {
    parts.PAGE: PARTS,
    parts.PACKAGES: "# libraries\nlibpq-dev\n",
    ".gitignore": "/build/\nnode_modules/\n*.pyc\n",
    "api/openapi.json": '{"paths": {"/trucks": {"get": {"operationId": "get", "security": [], "responses": {}}}}}',
    "README.md": "See [the map](docs/map.md) and [elsewhere](https://example.org/nowhere).\n",
    "docs/map.md": "The map.\n",
    "docs/problems/README.md": "What to do.\n",
    "docs/security/asvs.md": asvs_page(),
    "docs/problems/codes.md": problem_codes.HEAD + "| `fleet.not_found` | 404 | There is no truck ... here. |\n",
    "test": "#!/bin/bash\nnode --test 'tests/journeys/**/*.test.*'\npython3 tools/count/count.py\n",
    "CMakeLists.txt": "add_subdirectory(src)\nadd_subdirectory(platform/db)\nadd_subdirectory(app)\n",
    "app/CMakeLists.txt": "add_executable(mobilytics main.cpp)\n",
    "app/main.cpp": '#include "src/fleet/routes.hpp"\n#include "src/visits/visits.hpp"\n'
                    '#include "src/analytics/analytics.hpp"\nint main() { return 0; }\n',
    "platform/db/CMakeLists.txt": "add_library(platform_db ${folder}/database.cpp)\n"
                                  "foreach(test IN ITEMS pool wire)\n"
                                  "    add(${folder}/${test}_test.cpp)\nendforeach()\n",
    "platform/db/pool_test.cpp": "TEST(A, B) {\n    EXPECT_EQ(run([](int) -> Task<int> {\n"
                                 "        return [] { co_return co_await go(); }(); }), 1);\n}\n",
    "platform/db/database.hpp": "#include <libpq-fe.h>\nstruct Database {};\n",
    "platform/db/database.cpp": '#include "platform/db/database.hpp"\n#include <boost/asio.hpp>\n',
    "src/CMakeLists.txt": "# rooms\nmodule(fleet\n    DOORS ids.hpp\n    UNIT_TESTS fleet_test.cpp ${more_tests})\n"
                          "module(visits USES fleet\n    LINKS h3\n    PUBLISHES visits.hours visits.published)\n"
                          "module(analytics USES visits)\n",
    "src/fleet/engine.cmake": "set(more_tests\n    truck_test.cpp)\n",
    "src/fleet/truck_test.cpp": "\n",
    "src/fleet/README.md": "What carries.\n",
    "src/fleet/fleet.hpp": '#include "src/fleet/ids.hpp"\n#include "platform/db/database.hpp"\nclass Fleet {};\n',
    "src/fleet/ids.hpp": "struct TruckId {};\n",
    "src/fleet/routes.hpp": '#include "src/fleet/fleet.hpp"\n',
    "src/fleet/truck.hpp": "struct Truck {};\n",
    "src/fleet/fleet.cpp": '#include "src/fleet/truck.hpp"\n#include <string>\n\n'
                           "Fleet::Fleet(int wheels) : wheels_{wheels}, name_{} {\n"
                           "    throw Problem{Kind::missing, \"fleet.not_found\", std::format(\"There is \"\n"
                           "        \"no truck {} here.\", 1), {}};\n}\n",
    "src/fleet/fleet_test.cpp": "#include <gtest/gtest.h>\n#include <glaze/glaze.hpp>\n"
                                "TEST(A, B) {\n    auto value = co_await answer();\n    EXPECT_EQ(value, 1);\n}\n",
    "src/fleet/queries.sql": "-- name: find_truck :optional\n-- reads visits.visits? never\n"
                             "select t.name, 'visits.visits' from fleet.trucks t where t.truck_id = $1;\n\n"
                             "-- name: insert_trucks :exec\ninsert into fleet.trucks (truck_id, name)\n"
                             "select u.* from unnest($1::uuid[], array['a'::text]) as u\n"
                             "where platform.current() is not null;\n",
    "src/visits/README.md": "What was seen.\n",
    "src/visits/visits.hpp": '#include "src/fleet/fleet.hpp"\n#include "src/fleet/ids.hpp"\n#include <h3/h3api.h>\n',
    "src/visits/routes.cpp": "#include <glaze/glaze.hpp>\nvoid routes() {}\n",
    "src/analytics/README.md": "What it means.\n",
    "src/analytics/analytics.hpp": '#include "src/visits/visits.hpp"\n#include <protozero/pbf_writer.hpp>\n',
    "src/analytics/queries.sql": "-- name: hours :many\nselect h.hour from visits.hours h;\n",
    "db/migrations/0001_fleet.sql": "create table fleet.trucks (truck_id uuid primary key);\n",
    "db/migrations/0002_visits.sql": "create view visits.all_trucks as select truck_id from fleet.trucks;\n",
    "tools/count/count.py": "def count():\n    return 1\n",
    "tests/journeys/story.test.mjs": "import { help } from './steps.mjs'\nhelp()\n",
    "tests/journeys/steps.mjs": "export function help() {\n    return 1\n}\n",
    "web/index.html": '<script type="module" src="/src/main.ts"></script>\n',
    "web/package.json": '{"dependencies": {"react": "19.3.1"}}\n',
    "web/package-lock.json": '{"packages": {"node_modules/react": {"version": "19.3.1"}}}\n',
    "web/src/main.ts": "import { page } from '@/features/fleet/page'\nimport './features/visits/page'\npage()\n",
    "web/src/features/fleet/page.ts": "import { colour } from '@/lib/colour'\nexport const page = () => colour\n",
    "web/src/features/visits/page.ts": "export const visits = 1\n",
    "web/src/lib/colour.ts": "export const colour = 'blue'\n",
    "build/generated.cpp": "// TODO: never looked at\n",
    "web/node_modules/x/index.js": "// FIXME\n",
}


def failing(changes):
    """The names of the checks that find something in the healthy tree with some files changed."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in {**HEALTHY, **changes}.items():
            if text is not None:
                place = pathlib.Path(folder, path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
        tree = Tree(folder)
        return {check.__name__: [str(one) for one in found] for check in tidy.CHECKS if (found := list(check(tree)))}


def more(path, text):
    """A change that puts text behind what a file of the healthy tree holds."""
    return {path: HEALTHY[path] + text}


def module_lines(old, new):
    assert old in HEALTHY["src/CMakeLists.txt"]
    return {"src/CMakeLists.txt": HEALTHY["src/CMakeLists.txt"].replace(old, new)}


def asvs_changed(rows, more=""):
    return {asvs.PAGE: asvs_page(rows, more)}


def asvs_met(why):
    return asvs_changed({"1.1.1": f"| 1.1.1 | 2 | It asks. | met | {why} |\n"})


def api(*paths):
    """A description with a GET of each path."""
    item = {"get": {"operationId": "get", "security": [], "responses": {}}}
    return json.dumps({"paths": {path: item for path in paths}})


def catalogue(events, types):
    return {event_types.WORDS: json.dumps({event_types.SAID + event: "did it" for event in events}),
            "src/webhooks/README.md": "What is told.\n",
            "src/webhooks/webhooks.hpp": "struct EventType {};\n",
            **more("app/main.cpp", '#include "src/webhooks/webhooks.hpp"\n'),
            **more("src/CMakeLists.txt", "module(webhooks)\n"),
            event_types.TYPES: "".join(f'    {{"{one}", "It did.", none}},\n' for one in types)}


LONG = "".join("    step();\n" for _ in range(70))

# By the check that must find them: what is wrong, and the change that makes it so.
FAULTS = {
    "rooms_are_declared_in_order": [
        ("a room uses one below it", module_lines("module(fleet\n", "module(fleet USES visits\n")),
        ("a room uses one that is not there", module_lines("USES visits)", "USES visits moon)")),
        ("a declared door is not there", module_lines("ids.hpp", "ids.hpp gate.hpp")),
        ("a room publishes another's table", module_lines("visits.hours", "visits.hours fleet.trucks")),
        ("a folder of src is no room", {"src/moon/README.md": "Cheese.\n"}),
    ],
    "platform_has_no_circles": [
        ("parts of the platform in a circle",
         {**more("platform/db/database.hpp", '#include "platform/log/log.hpp"\n'),
          "platform/log/log.hpp": '#include "platform/db/database.hpp"\n'}),
    ],
    "includes_follow_the_direction": [
        ("the platform includes a room", more("platform/db/database.cpp", '#include "src/fleet/fleet.hpp"\n')),
        ("a room includes app",
         {**more("src/fleet/fleet.cpp", '#include "app/modules.hpp"\n'), "app/modules.hpp": "\n"}),
        ("an integration includes a room",
         {"integrations/mail/mail.hpp": '#include "src/fleet/fleet.hpp"\n',
          **more("app/main.cpp", '#include "integrations/mail/mail.hpp"\n')}),
        ("a room includes another's inner header", more("src/visits/visits.hpp", '#include "src/fleet/truck.hpp"\n')),
        ("a room includes an undeclared room",
         more("src/analytics/analytics.hpp", '#include "src/fleet/fleet.hpp"\n')),
        ("the product includes what is for tests",
         {**more("src/fleet/fleet.cpp", '#include "platform/testing/world.hpp"\n'),
          "platform/testing/world.hpp": "\n"}),
    ],
    "engines_stay_in_platform": [
        ("Boost in a room", more("src/fleet/fleet.cpp", "#include <boost/asio.hpp>\n")),
        ("libpq in app", more("app/main.cpp", "#  include <libpq-fe.h>\n")),
        ("curl in a test of a room", more("src/fleet/fleet_test.cpp", "#include <curl/curl.h>\n")),
    ],
    "glaze_stays_at_the_edge": [
        ("glaze in a front door", more("src/fleet/fleet.hpp", "#include <glaze/glaze.hpp>\n")),
        ("glaze elsewhere in platform", more("platform/db/database.cpp", "#include <glaze/glaze.hpp>\n")),
    ],
    "rooms_use_platform_not_libraries": [
        ("a library in a room", more("src/fleet/fleet.cpp", "#include <spdlog/spdlog.h>\n")),
        ("a library that LINKS does not name", more("src/fleet/fleet.cpp", "#include <h3/h3api.h>\n")),
    ],
    "tables_stay_in_their_room": [
        ("a room reads another's table",
         {"src/visits/queries.sql": "-- name: steal :many\nselect name\nfrom fleet.trucks;\n"}),
        ("a room that is no reader reads what is published",
         more("src/fleet/queries.sql", "-- name: hours :many\nselect hour from visits.hours;\n")),
        ("analytics reads what is not published",
         more("src/analytics/queries.sql", "-- name: raw :many\nselect at from visits.raw;\n")),
        ("analytics composes a statement over a foreign table",
         {"src/analytics/sql/report.cpp": 'auto text = R"(select name from fleet.trucks)";\n'}),
    ],
    "sql_stands_in_queries": [
        ("a statement in C++", more("src/fleet/fleet.cpp", 'auto text = "select name from fleet.trucks";\n')),
    ],
    "no_star": [
        ("SELECT *", more("src/fleet/queries.sql", "-- name: everything :many\nselect  *\nfrom fleet.trucks;\n")),
        ("a table's star",
         more("src/fleet/queries.sql", "-- name: everything :many\nselect t.* from fleet.trucks t;\n")),
        ("a star in a migration",
         more("db/migrations/0002_visits.sql", "create view fleet.v as select * from fleet.trucks;\n")),
    ],
    "web_features_stand_alone": [
        ("a feature imports a feature",
         more("web/src/features/fleet/page.ts", "import { visits } from '../visits/page'\n")),
        ("a library of the web imports a feature", more("web/src/lib/colour.ts", "import '@/features/fleet/page'\n")),
    ],
    "files_are_short": [
        ("a long file", more("src/fleet/fleet.cpp", "int x;\n" * 500)),
    ],
    "functions_are_short": [
        ("a long function", more("src/fleet/fleet.cpp", "void roll(int a = {}) {\n" + LONG + "}\n")),
        ("a long constructor", more("src/fleet/fleet.cpp", "A::A(int b) : b_{b} {\n" + LONG + "}\n")),
        ("a long method in a class",
         more("src/fleet/truck.hpp", "template <class T>\nclass X {\npublic:\n    int y() const {\n"
              + LONG + "    }\n};\n")),
        ("a long test", more("src/fleet/fleet_test.cpp", "TEST(C, D) {\n" + LONG + "}\n")),
        ("a long function of Python", more("tools/count/count.py", "def long():\n" + LONG.replace(";", ""))),
        ("a long function of a script",
         more("tests/journeys/steps.mjs", "export async function long() {\n" + LONG + "}\n")),
        ("a long arrow function",
         more("web/src/lib/colour.ts", "export const long = (\n    a: number,\n) => {\n" + LONG + "}\n")),
        ("a long journey",
         more("tests/journeys/story.test.mjs", "test('it is long', async () => {\n" + LONG + "})\n")),
    ],
    "lines_are_narrow": [
        ("a wide line", more("src/fleet/truck.hpp", "// " + "x" * 118 + "\n")),
    ],
    "names_say_something": [
        ("a class called Manager", more("src/fleet/truck.hpp", "class TruckManager final {};\n")),
        ("a struct called Info", more("src/fleet/truck.hpp", "struct TruckInfo {};\n")),
        ("a Service", more("src/fleet/truck.hpp", "class TruckService {};\n")),
        ("a namespace called util", more("src/fleet/truck.hpp", "namespace fleet_util {}\n")),
        ("a file called helpers",
         {"src/fleet/truck_helpers.hpp": "\n",
          **more("src/fleet/fleet.cpp", '#include "truck_helpers.hpp"\n')}),
    ],
    "awaits_stand_alone": [
        ("co_await in a test macro",
         more("src/fleet/fleet_test.cpp", "TEST(C, D) {\n    EXPECT_EQ(\n        co_await answer(), 1);\n}\n")),
        ("co_await in a statement expression", more("src/fleet/fleet.cpp", "int x = ({ co_await answer(); });\n")),
    ],
    "rooms_have_a_readme": [
        ("a room without README.md", {"src/visits/README.md": None}),
    ],
    "no_dead_cpp": [
        ("a .cpp that is not built", {"platform/db/spare.cpp": "\n"}),
        ("a test that no list names", {"platform/db/other_test.cpp": "\n"}),
        ("a test that is not built", {"src/visits/visits_test.cpp": "\n"}),
        ("a header that nothing includes", {"src/fleet/spare.hpp": "\n"}),
    ],
    "no_dead_sql_or_python": [
        ("a .sql that nothing runs", {"db/fixtures/spare.sql": "select 1;\n"}),
        ("a .py that nothing runs", {"tools/count/spare.py": "pass\n"}),
    ],
    "no_dead_scripts": [
        ("a script that nothing imports", {"web/src/lib/spare.ts": "export const spare = 1\n"}),
        ("a step that no journey takes", {"tests/journeys/spare.mjs": "export const spare = 1\n"}),
    ],
    "no_marks": [
        ("a mark", more("src/fleet/truck.hpp", "// TODO wheels\n")),
        ("a skipped test of C++", more("src/fleet/fleet_test.cpp", "TEST(C, DISABLED_D) {}\n")),
        ("a test run alone", more("tests/journeys/story.test.mjs", "test.only('x', () => {})\n")),
        ("a test skipped by an option",
         more("tests/journeys/story.test.mjs", "test('x', { skip: true }, () => {})\n")),
    ],
    "no_machine_in_the_tree": [
        ("a path of one machine", more("docs/map.md", "Kept in /root/.cache here.\n")),
        ("a registry", more("test", "npm --registry https://registry.npmjs.org/ ci\n")),
    ],
    "packages_are_pinned": [
        ("a range of versions", {"web/package.json": '{"dependencies": {"react": "^19.3.1"}}\n'}),
        ("a lock file that names its registry", {"web/package-lock.json": '{"a": {"resolved": "x"}}\n'}),
    ],
    "migrations_count_up": [
        ("a hole between migrations", {"db/migrations/0004_more.sql": "select 1;\n"}),
        ("two migrations of one number", {"db/migrations/0002_again.sql": "select 1;\n"}),
        ("a migration without a number", {"db/migrations/more.sql": "select 1;\n"}),
    ],
    "api_only_grows": [
        ("an operation of a release is gone", {"api/released/1.0.0.json": api("/trucks", "/visits")}),
        ("another release has it",
         {"api/released/1.0.0.json": api("/trucks"), "api/released/1.1.0.json": api("/visits")}),
    ],
    "problem_codes_are_listed": [
        ("a code that is not listed",
         more("src/fleet/truck.hpp", 'auto p = Problem{Kind::conflict, "fleet.full", "No room."};\n')),
        ("a list of other days", more("docs/problems/codes.md", "| `fleet.gone` | 410 | Sold. |\n")),
    ],
    "links_lead_somewhere": [
        ("a link to nowhere", more("README.md", "[gone](docs/gone.md)\n")),
    ],
    "asvs_has_every_requirement": [
        ("a requirement is missing", asvs_changed({"4.1.3": ""})),
        ("a requirement of another level", asvs_changed({"4.1.3": "| 4.1.3 | 1 | It asks. | open | No test. |\n"})),
        ("a requirement is there twice", asvs_changed({}, "| 4.1.3 | 2 | It asks. | open | No test. |\n")),
        ("one that is not of levels 1 and 2", asvs_changed({}, "| 3.1.1 | 3 | It asks. | open | No test. |\n")),
    ],
    "asvs_answers_are_shown": [
        ("a test of another name", asvs_met("`src/fleet/fleet_test.cpp` `TEST(A, C)`")),
        ("a name that is a part of a test's", asvs_met("`src/fleet/fleet_test.cpp` `answe`")),
        ("a test of another file", asvs_met("`src/fleet/truck_test.cpp` `TEST(A, B)`")),
        ("a file that is not there", asvs_met("`src/fleet/fleet_test.cpp` `src/fleet/gone_test.cpp`")),
        ("a test without its file", asvs_met("`TEST(A, B)` of `src/fleet/fleet_test.cpp`")),
        ("met without a file", asvs_met("One sees it.")),
        ("an answer that is none", asvs_changed({"1.1.2": "| 1.1.2 | 2 | It asks. | nearly | Soon. |\n"})),
        ("no reason", asvs_changed({"1.1.2": "| 1.1.2 | 2 | It asks. | open | |\n"})),
    ],
    "asvs_is_counted": [
        ("a count of other days", {asvs.PAGE: asvs_page().replace("| all | 253 | 1 |", "| all | 253 | 2 |")}),
        ("no counts", {asvs.PAGE: asvs_page().replace(asvs.BEGIN, "")}),
    ],
    "events_have_webhooks": [
        ("an event that nobody is told of", catalogue(["fleet.parked", "fleet.left"], ["fleet.left"])),
        ("a type of no event", catalogue(["fleet.left"], ["fleet.left", "fleet.parked"])),
        ("a type of what is a person's own", catalogue(["session.opened"], ["session.opened"])),
    ],
    "parts_are_listed": [
        ("a part that is not listed", {parts.PAGE: PARTS, parts.PACKAGES: "# libraries\nlibpq-dev\nlibother-dev\n"}),
        ("one that is gone", {parts.PAGE: PARTS.replace("| react |", "| preact |\n| react |")}),
        ("no place for the list", {parts.PAGE: "All parts are good.\n"}),
    ],
}


class Faults(unittest.TestCase):
    def test_a_healthy_tree_passes(self):
        self.assertEqual(failing({}), {})

    def test_each_fault_is_found_by_its_own_check(self):
        for check, faults in FAULTS.items():
            for what, changes in faults:
                with self.subTest(what):
                    self.assertEqual(list(failing(changes)), [check])

    def test_each_check_has_a_fault(self):
        self.assertEqual({check.__name__ for check in tidy.CHECKS}, set(FAULTS))

    def test_a_finding_names_file_and_line(self):
        found = failing(more("src/fleet/truck.hpp", "\nclass TruckManager;\n"))
        self.assertEqual(found["names_say_something"], ["src/fleet/truck.hpp:3: 'Manager' in the name 'TruckManager'"])


class Reading(unittest.TestCase):
    def test_functions_of_cpp_are_told_from_types_and_values(self):
        text = ('namespace a {\ntemplate <template <class...> class W, class... T>\nstruct B : C<T> {\n'
                '    int table[2] = {1, 2};\n    B(int x) : x_{x}, y_(2) {\n        go({x});\n    }\n'
                "    char quote = '{'; int big = 1'000;\n"
                '    const char* brace = "{"; // {\n};\nenum class D { e, f };\n'
                'auto text = R"(void no() {)";\nint g(struct H h) { return 1; }\n}\n')
        self.assertEqual([(name, lines) for name, _, lines in source.cpp_functions(text)], [("B", 3), ("g", 1)])

    def test_the_standard_asks_253_things(self):
        levels = list(asvs.requirements().values())
        self.assertEqual((len(levels), levels.count(1), levels.count(2)), (253, 70, 183))

    def test_the_closing_line_counts_checks(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
            pathlib.Path(folder, "README.md").write_text("[gone](gone.md)\n", encoding="utf-8")
            self.assertEqual(tidy.main([folder]), 1)
        self.assertEqual(out.getvalue().splitlines()[-1], f"tidy: {len(tidy.CHECKS) - 1} passed, 1 failed")


if __name__ == "__main__":
    unittest.main()
