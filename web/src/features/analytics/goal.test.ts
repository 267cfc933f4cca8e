import { describe, expect, test } from 'vitest'
import type { Summary } from '@/api/schema'
import { goalOf } from './goal'

const flight = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-11T00:00:00.000Z' }
const summary = { totals: { ots: 300 } } as Summary

describe('the goal', () => {
    test('is reached so far beside what is over of the flight', () =>
        expect(goalOf({ ...flight, goal_impressions: 1000 }, summary, Date.parse('2026-03-09T00:00:00Z'))).toEqual({ reached: 0.3, gone: 0.8 }))
    test('is over when the flight is, and can be passed', () =>
        expect(goalOf({ ...flight, goal_impressions: 200 }, summary, Date.parse('2026-04-01T00:00:00Z'))).toEqual({ reached: 1.5, gone: 1 }))
    test('says nothing before the flight, and where there is none', () => {
        expect(goalOf({ ...flight, goal_impressions: 200 }, summary, Date.parse('2026-02-01T00:00:00Z'))).toBeNull()
        expect(goalOf({ ...flight, goal_impressions: null }, summary, Date.parse('2026-03-09T00:00:00Z'))).toBeNull()
    })
})
