import { expect, test } from 'vitest'
import type { Text } from '@/lib/i18n/text'
import { binLabel } from './dwell-bins'

const text = ((id: string, values: { edge: string }) => (id === 'dwell.over' ? `≥ ${values.edge}` : `< ${values.edge}`)) as Text

test.each([
    [0, 5, '< 5 s'], [5, 15, '5–15 s'], [15, 60, '15 s–1 min'], [60, 120, '1–2 min'], [1800, 3600, '30 min–1 h'], [3600, null, '≥ 1 h'],
])('the bin from %s to %s is %s', (from, to, label) => expect(binLabel(from, to, text)).toBe(label))
