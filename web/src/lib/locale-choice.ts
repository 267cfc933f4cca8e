// The reader's language: what was chosen in this browser, else the account's, else the browser's own.
import { activate, bestLocale, isLocale, type Locale } from './i18n/text'

const key = 'mobilytics.locale'

export function chosenLocale(account?: string): Locale {
    const stored = localStorage.getItem(key)
    if (isLocale(stored)) return stored
    return bestLocale(account ? [account] : navigator.languages)
}

/** Each language by the name that its own speakers give it. */
export const languageNames: Record<Locale, string> = { 'en-CA': 'English', 'fr-CA': 'Français' }

export function chooseLocale(locale: Locale) {
    localStorage.setItem(key, locale)
    return activate(locale)
}
