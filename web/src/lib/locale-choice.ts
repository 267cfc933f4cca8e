// The reader's language: what was chosen in this browser, else the account's, else the browser's own.
import { bestLocale, isLocale, type Locale } from './i18n/text'

const key = 'mobilytics.locale'

export function chosenLocale(account?: string): Locale {
    const stored = localStorage.getItem(key)
    if (isLocale(stored)) return stored
    return bestLocale(account ? [account] : navigator.languages)
}

export function rememberLocale(locale: Locale) {
    localStorage.setItem(key, locale)
}
