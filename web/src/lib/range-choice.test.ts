import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { rememberDays, rememberedDays } from './range-choice'

const zone = 'America/Toronto'
const flight = { from: '2026-03-01T05:00:00.000Z', to: '2026-03-15T04:00:00.000Z' }
const now = Date.parse('2026-03-10T12:00:00Z')

beforeEach(() => {
    const kept = new Map<string, string>()
    vi.stubGlobal('localStorage', {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
        removeItem: (key: string) => kept.delete(key),
    })
})
afterEach(() => vi.unstubAllGlobals())

test('a named choice is worked out again on the day it is read', () => {
    rememberDays({ preset: 'yesterday' })
    expect(rememberedDays(flight, zone, now)).toEqual({ from: '2026-03-09', to: '2026-03-09' })
    expect(rememberedDays(flight, zone, now + 86_400_000)).toEqual({ from: '2026-03-10', to: '2026-03-10' })
})

test('chosen days count as far as they lie in the flight', () => {
    rememberDays({ from: '2026-02-20', to: '2026-03-03' })
    expect(rememberedDays(flight, zone, now)).toEqual({ from: '2026-03-01', to: '2026-03-03' })
    rememberDays({ from: '2026-02-20', to: '2026-02-21' })
    expect(rememberedDays(flight, zone, now)).toBeNull()
})

test('the whole flight is the absence of a choice, and so is what cannot be read', () => {
    rememberDays({ preset: 'today' })
    rememberDays(null)
    expect(rememberedDays(flight, zone, now)).toBeNull()
    localStorage.setItem('mobilytics.days', '{"from": 7}')
    expect(rememberedDays(flight, zone, now)).toBeNull()
    localStorage.setItem('mobilytics.days', 'no json')
    expect(rememberedDays(flight, zone, now)).toBeNull()
})
