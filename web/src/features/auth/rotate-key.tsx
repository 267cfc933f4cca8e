import { useState } from 'react'
import { call } from '@/api/client'
import type { ApiKey } from '@/api/schema'
import { Drawer, DrawerForm } from '@/components/drawer'
import { SelectField } from '@/components/select-field'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { endAfter } from './key-life'

const ends = ['kept', '30', '90', '365'] as const
type End = (typeof ends)[number]

function RotateForm({ apiKey, zone, onClose, onSecret }: { apiKey: ApiKey; zone: string; onClose: () => void; onSecret: (secret: string) => Promise<void> }) {
    const text = useText()
    const format = useFormat()
    const { expires_at: old } = apiKey
    const [isOver] = useState(() => old !== null && Date.parse(old) <= Date.now())
    const [end, setEnd] = useState<End>(isOver ? '90' : 'kept')
    const kept = old ? text('keys.until', { at: format.dateTime(old, zone) }) : text('keys.life.never')
    const save = async () => {
        const body = end === 'kept' ? {} : { expires_at: endAfter(Number(end)) }
        const rotated = await call('POST /v1/api-keys/{id}/secret/rotate', { path: { id: apiKey.id }, body })
        await onSecret(rotated.secret)
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('keys.rotate')}>
            <p className="text-sm text-ink-soft">{text('keys.rotate.detail')}</p>
            <SelectField
                label={text('keys.life')} value={end} onChange={setEnd}
                choices={ends.filter((id) => id !== 'kept' || !isOver).map((id) => ({ id, label: id === 'kept' ? kept : text(`keys.life.${id}`) }))}
            />
        </DrawerForm>
    )
}

/** A new secret for a key, and a new end where the old one is near or over. */
export function RotateKey({ apiKey, zone, onClose, onSecret }: {
    apiKey: ApiKey | null; zone: string; onClose: () => void; onSecret: (secret: string) => Promise<void>
}) {
    const text = useText()
    return (
        <Drawer title={text('keys.rotate.title', { name: apiKey?.name ?? '' })} isOpen={apiKey !== null} onClose={onClose}>
            {apiKey && <RotateForm apiKey={apiKey} zone={zone} onClose={onClose} onSecret={onSecret} />}
        </Drawer>
    )
}
