import { Ban, CircleCheck, CircleDot, CirclePause, CircleSlash, Clock, TriangleAlert, type LucideIcon } from 'lucide-react'
import type { DeliveryState, Webhook } from '@/api/schema'
import { Chip, type Tone } from '@/components/chip'
import { useText } from '@/lib/i18n/text'

const states: Record<DeliveryState, [Tone, LucideIcon]> = {
    pending: ['note', Clock],
    succeeded: ['good', CircleCheck],
    failed: ['bad', CircleSlash],
    cancelled: ['calm', Ban],
}
export function DeliveryChip({ state }: { state: DeliveryState }) {
    const text = useText()
    return <Chip tone={states[state][0]} icon={states[state][1]}>{text(`webhooks.delivery.${state}`)}</Chip>
}

/** Whether an endpoint is told of anything, and whether it gets through. */
export function WebhookChip({ webhook }: { webhook: Webhook }) {
    const text = useText()
    if (webhook.disabled_because) {
        const bySomebody = webhook.disabled_because === 'person'
        return <Chip tone={bySomebody ? 'calm' : 'bad'} icon={bySomebody ? CirclePause : CircleSlash}>{text('webhooks.disabled')}</Chip>
    }
    if (webhook.failing_since) return <Chip tone="warn" icon={TriangleAlert}>{text('webhooks.failing')}</Chip>
    return <Chip tone="good" icon={CircleDot}>{text('webhooks.enabled')}</Chip>
}
