import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call } from '@/api/client'
import { itemsOf } from '@/api/queries'
import type { CalibrationIn, DeviceModel } from '@/api/schema'
import { Drawer } from '@/components/drawer'
import { Facts } from '@/components/page'
import { Empty, Failure, Waiting } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { CalibrationForm, CalibrationTable } from './calibrations'
import { modelsQuery } from './queries'

// Models are of no company, so no zone is theirs.
const zone = 'UTC'

function Shown({ model, mayEdit, onClose }: { model: DeviceModel; mayEdit: boolean; onClose: () => void }) {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const { id, calibrations } = model
    const add = async (body: CalibrationIn) => {
        await call('POST /v1/device-models/{id}/calibrations', { path: { id }, body })
        await client.invalidateQueries()
    }
    return (
        <div className="flex flex-col gap-5">
            <Facts
                items={[
                    [text('companies.id'), <code key="id" className="select-all">{id}</code>],
                    [text('models.interval'), format.duration(model.expected_interval_s)],
                ]}
            />
            <section className="flex flex-col gap-2">
                <h3 className="text-sm font-medium">{text('calibrations.title')}</h3>
                {calibrations.length > 0
                    ? <div className="rounded-md border border-line"><CalibrationTable calibrations={calibrations} zone={zone} /></div>
                    : <Empty title={text('calibrations.none')} detail={text('calibrations.none.detail')} />}
            </section>
            {mayEdit && (
                <section aria-label={text('calibrations.add')} className="flex flex-col gap-2">
                    <h3 className="text-sm font-medium">{text('calibrations.add')}</h3>
                    {/* The next one begins with empty fields. */}
                    <CalibrationForm key={calibrations.length} zone={zone} hint={text('models.calibrate.hint')} onSave={add} onClose={onClose} />
                </section>
            )}
        </div>
    )
}

/** One model as the list has it, which is all there is of it; further pages are fetched until it is found. */
function useModel(id: string | undefined) {
    const query = useInfiniteQuery(modelsQuery)
    const model = itemsOf(query.data)?.find((one) => one.id === id)
    const isLater = id !== undefined && !model && query.hasNextPage && !query.isFetchingNextPage && !query.error
    useEffect(() => {
        if (isLater) void query.fetchNextPage()
    }, [isLater])
    return { model, query, isComing: !query.data || isLater || query.isFetchingNextPage }
}

/** One model, for staff: how often its devices report, how they are calibrated, and one calibration more. */
export function ModelDrawer({ id, mayEdit, onClose }: { id: string | undefined; mayEdit: boolean; onClose: () => void }) {
    const text = useText()
    const { model, query, isComing } = useModel(id)
    return (
        <Drawer title={model?.name ?? text('devices.model')} isOpen={id !== undefined} onClose={onClose}>
            {model
                ? <Shown key={model.id} model={model} mayEdit={mayEdit} onClose={onClose} />
                : query.error
                    ? <Failure error={query.error} retry={() => void query.refetch()} />
                    : isComing ? <Waiting /> : <Empty title={text('models.missing')} />}
        </Drawer>
    )
}
