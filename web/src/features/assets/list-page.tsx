import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CarFront, Plus } from 'lucide-react'
import { useMemo } from 'react'
import type { Asset, AssetKind } from '@/api/schema'
import { useCan } from '@/api/session'
import { LinkButton } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { SearchField } from '@/components/field'
import { ChipFilter } from '@/components/filters'
import { lazyDrawer } from '@/components/lazy-drawer'
import { ListView } from '@/components/list-view'
import { Page } from '@/components/page'
import { Empty, NoneMatch } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useTyped } from '@/lib/use-typed'
import { assetsQuery } from './queries'

const NewAssetDrawer = lazyDrawer(async () => (await import('./new-asset-drawer')).NewAssetDrawer)

const kinds: readonly AssetKind[] = ['vehicle', 'billboard']

function useColumns(): Column<Asset>[] {
    const text = useText()
    return useMemo(() => [
        {
            id: 'name', header: text('assets.name'), value: (asset) => asset.name, wide: true,
            cell: (asset) => <Link to="/assets/$assetId" params={{ assetId: asset.id }} className="hover:underline">{asset.name}</Link>,
        },
        { id: 'kind', header: text('assets.kind'), value: (asset) => text(`assets.kind.${asset.kind}`) },
        { id: 'plate', header: text('assets.plate'), value: (asset) => asset.plate },
        {
            id: 'faces', header: text('faces.title'), value: (asset) => asset.faces.length,
            cell: (asset) => asset.faces.map((face) => face.name).join(', ') || '—',
        },
        { id: 'state', header: text('assets.state'), value: (asset) => text(`assets.state.${asset.state}`) },
    ], [text])
}

export function AssetListPage() {
    const text = useText()
    const { kind, q, open } = useSearch({ from: '/shell/assets' })
    const navigate = useNavigate({ from: '/assets' })
    const mayEdit = useCan('assets.edit')
    const columns = useColumns()
    const query = useInfiniteQuery({ ...assetsQuery(kind, q), placeholderData: keepPreviousData })
    const search = (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
    const [typed, setTyped] = useTyped(q ?? '', (next) => search({ q: next || undefined }))
    const create = mayEdit && (
        <LinkButton to="/assets" search={{ open: 'new' }} kind="primary"><Plus size={15} aria-hidden />{text('assets.new')}</LinkButton>
    )
    return (
        <Page title={text('nav.assets')} action={create}>
            <div className="mb-3 flex flex-wrap items-center gap-2">
                <SearchField label={text('assets.search')} value={typed} onChange={setTyped} />
                <ChipFilter
                    label={text('assets.kind')} value={kind} onChange={(next) => search({ kind: next })}
                    choices={[
                        { id: undefined, label: text('filter.all') },
                        ...kinds.map((id) => ({ id, label: text(`assets.kind.${id}`) })),
                    ]}
                />
            </div>
            <div className="rounded-md border border-line bg-surface">
                <ListView
                    query={query}
                    empty={kind || q
                        ? <NoneMatch onClear={() => search({ kind: undefined, q: undefined })} />
                        : <Empty icon={CarFront} title={text('assets.none')} detail={text('assets.none.detail')} action={create} />}
                >
                    {(items) => (
                        <DataTable
                            label={text('nav.assets')} columns={columns} rows={items} rowKey={(asset) => asset.id}
                            sort={{ id: 'name', desc: false }} isDimmed={(asset) => asset.state === 'retired'}
                        />
                    )}
                </ListView>
            </div>
            <NewAssetDrawer
                isOpen={open === 'new' && mayEdit}
                onClose={() => search({ open: undefined })}
                onSaved={(id) => void navigate({ to: '/assets/$assetId', params: { assetId: id } })}
            />
        </Page>
    )
}
