import { useMemo, useRef, type RefObject } from 'react'

type OutlineRegion = (code: string | null) => void

/** How the map of regions and their table know of each other while both are shown. */
export interface RegionLink {
    /** The region that was chosen in either */
    chosen: string | undefined
    onChosen: (code: string | undefined) => void
    /** Outlines a region on the map. The map fills it in, so that the page is not drawn anew for each row pointed at. */
    outline: RefObject<OutlineRegion>
}

export function useRegionLink(chosen: string | undefined, onChosen: RegionLink['onChosen']): RegionLink {
    const outline = useRef<OutlineRegion>(() => undefined)
    const latest = useRef(onChosen)
    latest.current = onChosen
    return useMemo(() => ({ chosen, onChosen: (code) => latest.current(code), outline }), [chosen])
}
