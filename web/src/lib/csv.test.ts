import { expect, test } from 'vitest'
import { toCsv } from './csv'

test('numbers stay neutral, unknown is empty, and text is quoted where it must be', () => {
    expect(toCsv(['name', 'visits'], [['Bloor, "West"', 1234.5], ['Parkdale', null]])).toBe(
        '\uFEFFname,visits\r\n"Bloor, ""West""",1234.5\r\nParkdale,\r\n')
})

test('a name that looks like a formula stays a name', () => {
    expect(toCsv(['name'], [['=HYPERLINK("x")'], ['-79.38']])).toContain(`"'=HYPERLINK(""x"")"`)
    expect(toCsv(['lon'], [[-79.38]])).toContain('\n-79.38\r\n')
})
