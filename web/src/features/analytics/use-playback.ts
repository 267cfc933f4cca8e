import { useEffect, useRef, useState } from 'react'
import type { Frame } from './playback'

const frameMs = 900

export interface Playback {
    frames: readonly Frame[]
    /** null while the whole of the chosen days is shown */
    index: number | null
    isPlaying: boolean
    seek: (index: number | null) => void
    play: () => void
    pause: () => void
}

/**
 * Which frame is shown. The address (`at`) has it whenever it stands still, and moves it when it changes by itself; while
 * it plays only this state moves. A frame waits for the map to have drawn the one before.
 */
export function usePlayback(
    frames: readonly Frame[], at: string | undefined, onAt: (at: string | undefined) => void, isDrawn: () => boolean,
): Playback {
    const [index, setIndex] = useState<number | null>(null)
    const [isPlaying, setPlaying] = useState(false)
    const drawn = useRef(isDrawn)
    drawn.current = isDrawn

    useEffect(() => {
        const named = frames.findIndex((frame) => frame.id === at)
        setIndex(named >= 0 ? named : null)
        setPlaying(false)
    }, [frames, at])

    const stand = (to: number | null) => {
        setPlaying(false)
        setIndex(to)
        onAt(to === null ? undefined : frames[to]?.id)
    }
    useEffect(() => {
        if (!isPlaying || index === null) return
        const timer = setInterval(() => {
            if (!drawn.current()) return
            if (index + 1 < frames.length) setIndex(index + 1)
            else stand(index)
        }, frameMs)
        return () => clearInterval(timer)
    }, [isPlaying, index, frames])

    const play = () => {
        setIndex(index === null || index === frames.length - 1 ? 0 : index)
        setPlaying(true)
    }
    return { frames, index, isPlaying: isPlaying && index !== null, seek: stand, play, pause: () => stand(index) }
}
