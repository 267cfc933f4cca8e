import {
    Archive, Ban, CircleCheck, CircleDashed, CircleDot, CirclePause, CircleSlash, Clock, Flag, Pencil, TriangleAlert,
    type LucideIcon,
} from 'lucide-react'
import type { CampaignState, DeviceState, DeviceStatus } from '@/api/schema'
import { useText } from '@/lib/i18n/text'

export type Tone = 'good' | 'warn' | 'bad' | 'note' | 'calm'
const tones: Record<Tone, string> = {
    good: 'bg-good-wash text-good',
    warn: 'bg-warn-wash text-warn',
    bad: 'bg-bad-wash text-bad',
    note: 'bg-note-wash text-note',
    calm: 'bg-hover text-ink-soft',
}

export function Chip({ tone, icon: Icon, children }: { tone: Tone; icon: LucideIcon; children: string }) {
    return (
        <span className={`inline-flex h-5.5 items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap ${tones[tone]}`}>
            <Icon size={12} aria-hidden />
            {children}
        </span>
    )
}

const campaign: Record<CampaignState, [Tone, LucideIcon]> = {
    draft: ['calm', Pencil],
    booked: ['note', Clock],
    live: ['good', CircleDot],
    paused: ['warn', CirclePause],
    finished: ['calm', Flag],
    cancelled: ['bad', Ban],
}
export function CampaignChip({ state }: { state: CampaignState }) {
    const text = useText()
    return <Chip tone={campaign[state][0]} icon={campaign[state][1]}>{text(`campaigns.state.${state}`)}</Chip>
}

const status: Record<DeviceStatus, [Tone, LucideIcon]> = {
    online: ['good', CircleDot],
    stale: ['warn', Clock],
    offline: ['bad', CircleSlash],
    never_seen: ['calm', CircleDashed],
}
export function DeviceStatusChip({ status: value }: { status: DeviceStatus }) {
    const text = useText()
    return <Chip tone={status[value][0]} icon={status[value][1]}>{text(`devices.status.${value}`)}</Chip>
}

const device: Record<DeviceState, [Tone, LucideIcon]> = {
    in_stock: ['calm', Archive],
    active: ['good', CircleCheck],
    faulty: ['bad', TriangleAlert],
    retired: ['calm', CircleSlash],
    disabled: ['warn', Ban],
}
export function DeviceStateChip({ state }: { state: DeviceState }) {
    const text = useText()
    return <Chip tone={device[state][0]} icon={device[state][1]}>{text(`devices.state.${state}`)}</Chip>
}
