// The reader's theme: system, unless chosen. The choice is kept in this browser.
import { useSyncExternalStore } from 'react'
import type { Theme } from './colour'

export const themeChoices = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof themeChoices)[number]

const key = 'mobilytics.theme'
const system = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null
const listeners = new Set<() => void>()

export function themeChoice(): ThemeChoice {
    const stored = localStorage.getItem(key)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function applyTheme(choice: ThemeChoice) {
    if (choice === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = choice
}

export function chooseTheme(choice: ThemeChoice) {
    if (choice === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, choice)
    applyTheme(choice)
    listeners.forEach((listener) => listener())
}

function subscribe(listener: () => void) {
    listeners.add(listener)
    system?.addEventListener('change', listener)
    return () => {
        listeners.delete(listener)
        system?.removeEventListener('change', listener)
    }
}

export function resolvedTheme(): Theme {
    const choice = themeChoice()
    if (choice !== 'system') return choice
    return system?.matches ? 'dark' : 'light'
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, resolvedTheme)
export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, themeChoice)
