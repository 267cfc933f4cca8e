import { expect, test } from 'vitest'
import { exportLink, filterOf } from './queries'

const zone = 'America/Toronto'

test.each([
    ['a noun asks for all that happened to it', { noun: 'asset' }, { action: 'asset.' }],
    ['one action is more exact than its noun', { noun: 'asset', action: 'asset.changed' }, { action: 'asset.changed' }],
    ['a person’s id that is searched for is who did it', { q: 'usr_1' }, { actor_id: 'usr_1' }],
    ['any other id is what it was done to', { q: 'ast_1' }, { resource_id: 'ast_1' }],
    ['beside a chosen person, a person’s id is whom it was done to', { actor: 'usr_1', q: 'usr_2' }, { actor_id: 'usr_1', resource_id: 'usr_2' }],
    ['days are those of the company', { from: '2026-03-08', to: '2026-03-08' }, { from: '2026-03-08T05:00:00.000Z', to: '2026-03-09T04:00:00.000Z' }],
    ['what staff did in one company', { company: 'co_1', noun: 'company' }, { company: 'co_1', action: 'company.' }],
    ['nothing chosen asks for everything', {}, {}],
] as const)('%s', (_, search, asked) => expect(filterOf(search, zone)).toEqual(asked))

test('what is taken away is what is shown', () =>
    expect(exportLink({ action: 'asset.changed', actor: 'usr_1' }, zone, 'csv')).toBe('/v1/audit-events/export.csv?action=asset.changed&actor_id=usr_1'))
