import { expect, test } from 'vitest'
import { dayOf, oneOf, parseSearch, safeNext, stringifySearch, wordOf } from './search-params'

test.each([
    ['/campaigns?state=live', '/campaigns?state=live'],
    ['//evil.example/x', undefined], ['/\\evil.example', undefined], ['https://evil.example', undefined],
    ['/\t/evil.example', undefined], ['/\n\\evil.example', undefined],
    ['/sign-in?next=/x', undefined], [undefined, undefined], [7, undefined],
])('after sign-in %s leads to %s', (next, to) => expect(safeNext(next)).toBe(to))

test('a choice that does not exist is dropped', () => {
    expect(oneOf({ state: 'live' }, 'state', ['live', 'draft'])).toEqual({ state: 'live' })
    expect(oneOf({ state: 'gone' }, 'state', ['live', 'draft'])).toStrictEqual({ state: undefined })
})

test('a search for digits is still a search', () => {
    expect(wordOf(parseSearch('?q=4100'), 'q')).toEqual({ q: '4100' })
    expect(stringifySearch({ q: '4100', state: undefined })).toBe('?q=4100')
    expect(stringifySearch({ q: undefined })).toBe('')
    expect(wordOf({ q: '' }, 'q')).toStrictEqual({ q: undefined })
    expect(wordOf({ q: 'x'.repeat(201) }, 'q')).toStrictEqual({ q: undefined })
})

test('a day that the calendar does not have is dropped', () => {
    expect(dayOf({ from: '2028-02-29' }, 'from')).toEqual({ from: '2028-02-29' })
    for (const from of ['2027-02-29', '2027-2-1', 'yesterday', '', 7]) expect(dayOf({ from }, 'from')).toStrictEqual({ from: undefined })
})
