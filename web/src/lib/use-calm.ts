import { useSyncExternalStore } from 'react'

const query = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null

function subscribe(listener: () => void) {
    query?.addEventListener('change', listener)
    return () => query?.removeEventListener('change', listener)
}

/** Whether the reader asked for less motion. */
export const useCalm = () => useSyncExternalStore(subscribe, () => query?.matches ?? false)
