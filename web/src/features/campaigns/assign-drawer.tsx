import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import { itemsOf } from '@/api/queries'
import type { Asset, Campaign } from '@/api/schema'
import { Drawer, DrawerForm } from '@/components/drawer'
import { CheckField } from '@/components/check-field'
import { TextField } from '@/components/field'
import { Empty, Failure, Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { assetsQuery } from './queries'

function FaceChoices({ assets, chosen, onChange }: {
    assets: Asset[]; chosen: ReadonlySet<string>; onChange: (chosen: ReadonlySet<string>) => void
}) {
    const text = useText()
    const toggle = (id: string, on: boolean) => {
        const next = new Set(chosen)
        if (on) next.add(id)
        else next.delete(id)
        onChange(next)
    }
    return (
        <fieldset className="flex flex-col gap-2">
            <legend className="pb-1 text-sm font-medium">{text('assign.faces')}</legend>
            {assets.map((asset) => (
                <div key={asset.id} className="rounded-md border border-line px-3 py-2">
                    <p className="text-sm font-medium">{asset.name}</p>
                    {asset.faces.map((face) => (
                        <CheckField
                            key={face.id}
                            label={text('assign.face', {
                                name: face.name, format: text(`faces.format.${face.format}`),
                                placement: text(`faces.placement.${face.placement}`),
                            })}
                            isSelected={chosen.has(face.id)}
                            onChange={(on) => toggle(face.id, on)}
                        />
                    ))}
                </div>
            ))}
        </fieldset>
    )
}

function AssignForm({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const query = useInfiniteQuery(assetsQuery)
    const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
    const [share, setShare] = useState('100')
    const assets = useMemo(
        () => itemsOf(query.data)?.filter((asset) => asset.state === 'active' && asset.faces.length > 0), [query.data])
    if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />
    if (!assets) return <Waiting />
    if (assets.length === 0) return <Empty title={text('assign.none')} detail={text('assign.none.detail')} />
    const save = async () => {
        // One after another: when a face is refused, those before it are assigned and leave the choice.
        for (const faceId of chosen) {
            await call('POST /v1/campaigns/{id}/assignments', {
                path: { id: campaign.id },
                body: { face_id: faceId, from: campaign.from, to: campaign.to, share: Number(share.replace(',', '.')) / 100 },
            })
            setChosen((now) => new Set([...now].filter((id) => id !== faceId)))
        }
        await client.invalidateQueries()
        toast(text('state.saved'))
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('assign.save', { count: chosen.size })}>
            <p className="text-sm text-ink-soft">{text('assign.hint')}</p>
            <TextField label={text('assign.share')} name="share" value={share} inputMode="decimal" pattern="\d{1,3}([.,]\d+)?" onChange={setShare} hint={text('assign.share.hint')} />
            <FaceChoices assets={assets} chosen={chosen} onChange={setChosen} />
        </DrawerForm>
    )
}

export function AssignDrawer({ campaign, isOpen, onClose }: { campaign: Campaign; isOpen: boolean; onClose: () => void }) {
    const text = useText()
    return (
        <Drawer title={text('assign.title')} isOpen={isOpen} onClose={onClose}>
            <AssignForm campaign={campaign} onClose={onClose} />
        </Drawer>
    )
}
