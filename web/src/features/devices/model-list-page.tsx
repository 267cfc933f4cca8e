import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Cpu, Plus } from 'lucide-react'
import { useMemo } from 'react'
import type { DeviceModel } from '@/api/schema'
import { staffMay, useSession } from '@/api/session'
import { LinkButton } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { ListView } from '@/components/list-view'
import { Page } from '@/components/page'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { ModelDrawer } from './model-drawer'
import { NewModelDrawer } from './new-model-drawer'
import { modelsQuery } from './queries'

function useColumns(): Column<DeviceModel>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => {
        // Newest first: one that is set for later comes before the one that holds now.
        const inForce = (model: DeviceModel) => model.calibrations.find(({ effective_from: from }) => Date.parse(from) <= Date.now())
        return [
            {
                id: 'name', header: text('devices.model'), value: (model) => model.name, wide: true,
                cell: (model) => <Link to="/device-models" search={{ model: model.id }} className="hover:underline">{model.name}</Link>,
            },
            {
                id: 'interval', header: text('models.interval'), value: (model) => model.expected_interval_s,
                cell: (model) => format.duration(model.expected_interval_s), numeric: true,
            },
            {
                id: 'factor', header: text('calibrations.factor'), value: (model) => inForce(model)?.factor ?? null,
                cell: (model) => {
                    const one = inForce(model)
                    return one
                        ? text('models.factor', { factor: format.decimal(one.factor), low: format.decimal(one.low), high: format.decimal(one.high) })
                        : text('calibrations.none')
                },
            },
            {
                id: 'calibrations', header: text('calibrations.title'), value: (model) => model.calibrations.length,
                cell: (model) => format.exact(model.calibrations.length), numeric: true,
            },
        ]
    }, [text, format])
}

/** The models of devices, which are the same for all companies: staff add and calibrate them. */
export function ModelListPage() {
    const text = useText()
    const { open, model } = useSearch({ from: '/shell/device-models' })
    const navigate = useNavigate({ from: '/device-models' })
    const columns = useColumns()
    const query = useInfiniteQuery(modelsQuery)
    const mayEdit = staffMay(useSession(), 'device_models.edit')
    const create = mayEdit && (
        <LinkButton to="/device-models" search={{ open: 'new' }} kind="primary"><Plus size={15} aria-hidden />{text('models.new')}</LinkButton>
    )
    const close = () => void navigate({ search: {}, replace: true })
    return (
        <Page title={text('nav.device_models')} action={create} facts={text('models.note')}>
            <div className="rounded-md border border-line bg-surface">
                <ListView query={query} empty={<Empty icon={Cpu} title={text('models.none')} detail={text('models.none.detail')} action={create} />}>
                    {(items) => (
                        <DataTable
                            label={text('nav.device_models')} columns={columns} rows={items} rowKey={(one) => one.id}
                            sort={{ id: 'name', desc: false }}
                        />
                    )}
                </ListView>
            </div>
            <NewModelDrawer
                isOpen={open === 'new' && mayEdit} onClose={close}
                onMade={({ id }) => void navigate({ search: { model: id }, replace: true })}
            />
            <ModelDrawer id={model} mayEdit={mayEdit} onClose={close} />
        </Page>
    )
}
