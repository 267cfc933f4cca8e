import { Pause, Play, SkipBack, SkipForward, X } from 'lucide-react'
import { Button, IconButton } from '@/components/button'
import { useText } from '@/lib/i18n/text'
import { useCalm } from '@/lib/use-calm'
import type { Playback } from './use-playback'

/** Play, step and scrub. Who asked for less motion steps; nothing moves by itself. */
export function PlaybackBar({ playback, label, grain }: {
    playback: Playback; label: (index: number) => string; grain: 'hour' | 'day'
}) {
    const text = useText()
    const isCalm = useCalm()
    const { frames, index, isPlaying, seek, play, pause } = playback
    if (frames.length < 2) return null
    if (index === null) {
        return (
            <div className="border-t border-line p-2 print:hidden">
                <Button kind="quiet" onPress={isCalm ? () => seek(0) : play}>
                    {isCalm ? <SkipForward size={14} aria-hidden /> : <Play size={14} aria-hidden />}
                    {text(isCalm ? `playback.step.${grain}` : `playback.play.${grain}`)}
                </Button>
            </div>
        )
    }
    return (
        <div role="group" aria-label={text('playback.label')} className="flex flex-wrap items-center gap-1 border-t border-line p-2 print:hidden">
            {!isCalm && (isPlaying
                ? <IconButton label={text('playback.pause')} onPress={pause}><Pause size={16} aria-hidden /></IconButton>
                : <IconButton label={text('playback.resume')} onPress={play}><Play size={16} aria-hidden /></IconButton>)}
            <IconButton label={text('playback.previous')} isDisabled={index === 0} onPress={() => seek(index - 1)}>
                <SkipBack size={16} aria-hidden />
            </IconButton>
            <IconButton label={text('playback.next')} isDisabled={index === frames.length - 1} onPress={() => seek(index + 1)}>
                <SkipForward size={16} aria-hidden />
            </IconButton>
            <input
                type="range" min={0} max={frames.length - 1} step={1} value={index} aria-label={text('playback.frame')}
                aria-valuetext={label(index)} onChange={(event) => seek(Number(event.target.value))}
                className="h-8 min-w-40 flex-1 cursor-pointer accent-accent max-sm:order-last max-sm:basis-full pointer-coarse:h-10"
            />
            <output data-frame className="tabular min-w-32 px-2 text-sm font-medium">{label(index)}</output>
            <IconButton label={text('playback.leave')} onPress={() => seek(null)}><X size={16} aria-hidden /></IconButton>
        </div>
    )
}
