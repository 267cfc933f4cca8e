import { Ban, CircleDot, CircleSlash, Clock, Skull, type LucideIcon } from 'lucide-react'
import type { JobState } from '@/api/schema'
import { Chip, type Tone } from '@/components/chip'
import { useText } from '@/lib/i18n/text'

const looks: Record<JobState, [Tone, LucideIcon]> = {
    ready: ['note', Clock],
    running: ['good', CircleDot],
    dead: ['bad', Skull],
    discarded: ['warn', Ban],
    cancelled: ['calm', CircleSlash],
}

export function JobStateChip({ state }: { state: JobState }) {
    const text = useText()
    return <Chip tone={looks[state][0]} icon={looks[state][1]}>{text(`jobs.state.${state}`)}</Chip>
}
