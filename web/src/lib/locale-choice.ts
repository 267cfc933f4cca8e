// The reader's language: what was chosen in this browser, else the account's, else the browser's own.
import { activate, activeLocale, bestLocale, isLocale, type Locale } from './i18n/text'

const key = 'mobilytics.locale'

export function chosenLocale(account?: string): Locale {
    const stored = localStorage.getItem(key)
    if (isLocale(stored)) return stored
    return bestLocale(account ? [account] : navigator.languages)
}

/** The account's language, unless another one was chosen in this browser. */
export async function followAccount(account: string) {
    const locale = chosenLocale(account)
    if (locale !== activeLocale()) await activate(locale)
}

/** Each language by the name that its own speakers give it. */
export const languageNames: Record<Locale, string> = { 'en-CA': 'English', 'fr-CA': 'Français' }

/** Kept once its words are there. */
export async function chooseLocale(locale: Locale) {
    await activate(locale)
    localStorage.setItem(key, locale)
}
