// What this browser keeps of signing in with a company's provider: the name typed last, for good, and where to go on
// afterwards, for this tab.
import { safeNext } from '@/lib/search-params'

const nameKey = 'mobilytics.sign_in_name'
const nextKey = 'mobilytics.sign_in_next'

export const lastName = () => localStorage.getItem(nameKey) ?? ''
export const rememberName = (name: string) => localStorage.setItem(nameKey, name)

export function rememberNext(next: string | undefined) {
    if (next === undefined) sessionStorage.removeItem(nextKey)
    else sessionStorage.setItem(nextKey, next)
}
export const rememberedNext = () => safeNext(sessionStorage.getItem(nextKey))
