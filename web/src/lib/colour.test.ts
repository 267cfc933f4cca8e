import { expect, test } from 'vitest'
import { classOf, ramp, type Theme } from './colour'

function lightness(hex: string): number {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

test.each<[Theme, number]>([['dark', 1], ['light', -1]])('in the %s theme more people stand out more', (theme, direction) => {
    const steps = ramp(theme, 7).map(lightness)
    for (let i = 1; i < steps.length; i++) expect((steps[i]! - steps[i - 1]!) * direction).toBeGreaterThan(0.02)
})

test('a ramp has as many colours as classes', () => {
    for (const count of [1, 2, 7]) expect(new Set(ramp('dark', count)).size).toBe(count)
})

test('a value belongs to the class whose lower bound it reaches', () => {
    const breaks = [10, 20, 50]
    expect([3, 10, 19.9, 20, 50, 1e9].map((value) => classOf(value, breaks))).toEqual([0, 0, 0, 1, 2, 2])
})
