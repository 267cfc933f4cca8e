import { expect, test } from 'vitest'
import { ramp, type Theme } from './colour'

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
