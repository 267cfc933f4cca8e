import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '@/api/client'
import type { Passkey, PasskeyOptions } from '@/api/schema'
import { useSession } from '@/api/session'
import { Button } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer, DrawerForm } from '@/components/drawer'
import { ErrorNote } from '@/components/error-note'
import { TextField } from '@/components/field'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { SecretOnce } from '@/components/secret'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useConfirmed } from './confirm-password'
import { passkeysQuery } from './passkey-count'
import { hasPasskeys } from './passkey-support'

function NameForm({ name: given, onSave, onClose, saveLabel }: {
    name: string; onSave: (name: string) => Promise<unknown>; onClose: () => void; saveLabel: string
}) {
    const text = useText()
    const [name, setName] = useState(given)
    const save = async () => {
        await onSave(name)
        onClose()
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={saveLabel}>
            <TextField
                label={text('passkeys.name')} name="name" value={name} onChange={setName} hint={text('passkeys.name.hint')}
                maxLength={100} isRequired autoFocus
            />
        </DrawerForm>
    )
}

function useColumns(onRename: (passkey: Passkey) => void, onRemove: (passkey: Passkey) => void) {
    const text = useText()
    const format = useFormat()
    const zone = useSession().company?.zone ?? 'UTC'
    return useMemo<Column<Passkey>[]>(() => [
        { id: 'name', header: text('passkeys.name'), value: ({ name }) => name },
        {
            id: 'kept', header: text('passkeys.kept'), value: ({ backed_up }) => text(backed_up ? 'passkeys.kept.synced' : 'passkeys.kept.device'),
        },
        { id: 'added', header: text('passkeys.added'), value: ({ created_at }) => created_at, cell: ({ created_at }) => format.dateTime(created_at, zone) },
        {
            id: 'used', header: text('passkeys.used'), value: ({ last_used_at }) => last_used_at ?? '',
            cell: ({ last_used_at }) => (last_used_at ? format.dateTime(last_used_at, zone) : text('passkeys.used.never')),
        },
        {
            id: 'verbs', header: text('passkeys.verbs'), value: () => '',
            cell: (passkey) => (
                <span className="-ml-3 inline-flex">
                    <Button kind="quiet" aria-label={text('passkeys.rename.of', { name: passkey.name })} onPress={() => onRename(passkey)}>{text('passkeys.rename')}</Button>
                    <Button kind="quiet" aria-label={text('passkeys.remove.of', { name: passkey.name })} onPress={() => onRemove(passkey)}>{text('passkeys.remove')}</Button>
                </span>
            ),
        },
    ], [text, format, zone, onRename, onRemove])
}

/** Keys on devices of the person that sign in without the password. */
export function PasskeysPanel() {
    const text = useText()
    const client = useQueryClient()
    const query = useInfiniteQuery(passkeysQuery)
    const { run, dialog } = useConfirmed()
    const [options, setOptions] = useState<PasskeyOptions | null>(null)
    const [renaming, setRenaming] = useState<Passkey | null>(null)
    const [removing, setRemoving] = useState<Passkey | null>(null)
    const [codes, setCodes] = useState<string[] | null>(null)
    const [failure, setFailure] = useState<unknown>(null)
    const columns = useColumns(setRenaming, setRemoving)
    // The second factor's panel counts recovery codes.
    const refresh = () => client.invalidateQueries()
    const begin = () => {
        setFailure(null)
        run(async () => setOptions(await call('POST /v1/passkeys/registration', {}))).catch(setFailure)
    }
    const add = async (name: string) => {
        const { makePasskey } = await import('./passkeys')
        const { recovery_codes } = await call('POST /v1/passkeys', { body: { name, credential: await makePasskey(options!) } })
        setCodes(recovery_codes)
        await refresh()
    }
    const rename = async (name: string) => {
        await call('PATCH /v1/passkeys/{id}', { path: { id: renaming!.id }, body: { name } })
        await refresh()
    }
    const remove = (passkey: Passkey) => run(async () => {
        await call('DELETE /v1/passkeys/{id}', { path: { id: passkey.id } })
        await refresh()
    })
    return (
        <Panel
            title={text('passkeys.title')} note={text('passkeys.note')} flush
            tools={hasPasskeys && <Button kind="primary" onPress={begin}>{text('passkeys.add')}</Button>}
        >
            <ErrorNote error={failure} />
            <ListView query={query} empty={<Empty title={text('passkeys.none')} detail={text(hasPasskeys ? 'passkeys.none.detail' : 'passkeys.unable')} />}>
                {(items) => (
                    <DataTable label={text('passkeys.title')} columns={columns} rows={items} rowKey={({ id }) => id} sort={{ id: 'added', desc: false }} />
                )}
            </ListView>
            {dialog}
            <Drawer title={text('passkeys.add')} isOpen={options !== null} onClose={() => setOptions(null)}>
                {options && <NameForm name="" onSave={add} onClose={() => setOptions(null)} saveLabel={text('passkeys.add.go')} />}
            </Drawer>
            <Drawer title={text('passkeys.rename')} isOpen={renaming !== null} onClose={() => setRenaming(null)}>
                {renaming && <NameForm name={renaming.name} onSave={rename} onClose={() => setRenaming(null)} saveLabel={text('action.save')} />}
            </Drawer>
            <Confirm
                title={text('passkeys.remove.title', { name: removing?.name ?? '' })} detail={text('passkeys.remove.detail')} action={text('passkeys.remove')}
                isOpen={removing !== null} onClose={() => setRemoving(null)} onConfirm={() => remove(removing!)}
            />
            <SecretOnce title={text('factor.codes')} note={text('factor.codes.note')} secret={codes?.join('\n') ?? null} onClose={() => setCodes(null)} />
        </Panel>
    )
}
