// What was measured, as Markdown: on the screen, and between markers in docs/figures.md and the README.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const heading = '| row | what | ours | limit | ours / limit (least to most; pairs) | aim |\n|---|---|---|---|---|---|'

export const lineOf = ({ title, what, ours, limit, ratio, aim }) => `| ${title} | ${what} | ${ours} | ${limit} | ${ratio} | ${aim} |`

/** Replaces what stands between <!-- name --> and <!-- /name -->. */
function replace(file, name, text) {
    const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`]
    const before = readFileSync(file, 'utf8')
    const [from, to] = [before.indexOf(begin), before.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`${file} has no markers ${name}`)
    writeFileSync(file, `${before.slice(0, from + begin.length)}${text}\n${before.slice(to)}`)
}

export function write(root, { date, machine, versions, commit, pairs, seconds, minutes }, lines) {
    replace(path.join(root, 'docs/figures.md'), 'circumstances', [
        '| | |', '|---|---|',
        `| when, what | ${date}; release build of ${commit} |`,
        `| where | ${machine}; client, server, peer and database on the same processors |`,
        `| versions | ${versions} |`,
        `| again | \`tests/bench/run --pairs ${pairs} --seconds ${seconds} --minutes ${minutes}\`; \`tests/bench/run w6_ingest\` runs one row |`,
    ].join('\n'))
    replace(path.join(root, 'docs/figures.md'), 'rows', [heading, ...lines.map(lineOf)].join('\n'))
    replace(path.join(root, 'README.md'), 'figures', [
        `Commit ${commit}, ${date}, ${machine}. ${versions}.`, '', '| | ours / limit | aim |', '|---|---|---|',
        ...lines.filter(({ short }) => short).map(({ short, figure, ratio, ours, aim }) => `| ${short} | ${figure ?? (ratio || ours)} | ${aim} |`),
    ].join('\n'))
}
