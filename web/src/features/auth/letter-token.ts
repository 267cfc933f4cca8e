import { useState } from 'react'

/** What a letter's link carries behind the #, where neither servers nor other sites see it. */
export function useLetterToken(): string {
    const [token] = useState(() => window.location.hash.slice(1))
    return token
}
