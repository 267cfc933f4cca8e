import { useEffect, useState } from 'react'

/** The time, moved on every so often, for "3 minutes ago". */
export function useNow(everyMs: number): number {
    const [now, setNow] = useState(() => Date.now())
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), everyMs)
        return () => clearInterval(timer)
    }, [everyMs])
    return now
}
