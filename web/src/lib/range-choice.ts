// The days and the comparison that the reader chose last, kept in this browser: the next campaign opens with them.
import { clipped, presetDays, presets, type Days, type Preset, type Span } from './range'

export type Choice = { preset: Preset } | Days
const daysKey = 'mobilytics.days'
const compareKey = 'mobilytics.compare'
const pattern = /^\d{4}-\d{2}-\d{2}$/

function read(text: string | null): Choice | null {
    try {
        const value = JSON.parse(text ?? 'null') as Partial<Days & { preset: Preset }> | null
        if (presets.includes(value?.preset as Preset)) return { preset: value!.preset! }
        const isDays = pattern.test(value?.from ?? '') && pattern.test(value?.to ?? '')
        return isDays ? { from: value!.from!, to: value!.to! } : null
    } catch {
        return null
    }
}

/** Null stands for the whole flight, which is what a page shows that was told nothing. */
export function rememberDays(choice: Choice | null) {
    if (choice) localStorage.setItem(daysKey, JSON.stringify(choice))
    else localStorage.removeItem(daysKey)
}

/** The remembered days as far as they lie in this flight. */
export function rememberedDays(flight: Span, zone: string, now: number): Days | null {
    const choice = read(localStorage.getItem(daysKey))
    if (!choice) return null
    return 'preset' in choice ? presetDays(choice.preset, flight, zone, now) : clipped(choice, flight, zone)
}

export const rememberCompare = (on: boolean) => localStorage.setItem(compareKey, on ? 'on' : 'off')
export const comparesByHabit = () => localStorage.getItem(compareKey) === 'on'
