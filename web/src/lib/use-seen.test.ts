import { expect, test } from 'vitest'
import { merged } from './use-seen'

const opened = { name: 'Spring', goal: null as number | null, days: [{ from: '08:00' }] }

test('what nobody else changed stays as it was typed', () => {
    expect(merged(opened, { ...opened, name: 'Summer' }, { ...opened, goal: 7 })).toEqual({ ...opened, name: 'Summer', goal: 7 })
    expect(merged(opened, { ...opened, days: [] }, structuredClone(opened))).toEqual({ ...opened, days: [] })
})

test('what somebody else changed is shown, also where something else was typed', () => {
    expect(merged(opened, { ...opened, name: 'Summer' }, { ...opened, name: 'Autumn' }).name).toBe('Autumn')
    expect(merged(opened, opened, { ...opened, days: [{ from: '09:00' }] }).days).toEqual([{ from: '09:00' }])
})
