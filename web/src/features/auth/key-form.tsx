import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { oneQuery } from '@/api/queries'
import { roles, type Role } from '@/api/schema'
import { ChoicesField } from '@/components/choices-field'
import { DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { isMessage, useText } from '@/lib/i18n/text'
import { endAfter } from './key-life'

const lives = ['30', '90', '365', 'never'] as const
type Life = (typeof lives)[number]

/** What the role may do and a key can be kept to; that does not include making keys. */
function useScopes(role: Role) {
    const text = useText()
    const { data } = useQuery(oneQuery('GET /v1/roles', {}))
    const held = data?.roles.find((one) => one.role === role)?.permissions ?? []
    return (data?.permissions ?? [])
        .filter(({ permission }) => held.includes(permission) && permission !== 'api_keys.manage')
        .map(({ permission, sentence }) => {
            const id = `permission.${permission}`
            return { id: permission, label: isMessage(id) ? text(id) : sentence }
        })
}

export function KeyForm({ onClose, onSecret }: { onClose: () => void; onSecret: (secret: string) => void }) {
    const text = useText()
    const client = useQueryClient()
    const [name, setName] = useState('')
    const [role, setRole] = useState<Role>('analyst')
    const [scopes, setScopes] = useState<string[] | null>(null)
    const [life, setLife] = useState<Life>('365')
    const [addresses, setAddresses] = useState('')
    const choices = useScopes(role)
    const save = async () => {
        const given = addresses.split(/[\s,;]+/).filter((one) => one !== '')
        const body = {
            name: name.trim(), role, scopes,
            addresses: given.length > 0 ? given : null,
            expires_at: life === 'never' ? null : endAfter(Number(life)),
        }
        const key = await call('POST /v1/api-keys', { body })
        await client.invalidateQueries()
        onClose()
        onSecret(key.secret)
    }
    // What another role may not is no choice any more.
    const changeRole = (next: Role) => {
        setRole(next)
        setScopes(null)
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('action.create')}>
            <TextField label={text('keys.name')} name="name" value={name} isRequired onChange={setName} hint={text('keys.name.hint')} autoFocus />
            <SelectField
                label={text('members.role')} value={role} onChange={changeRole} hint={text(`role.${role}.hint`)}
                choices={roles.map((id) => ({ id, label: text(`role.${id}`) }))}
            />
            <ChoicesField label={text('keys.scopes')} all={text('keys.scopes.all')} choices={choices} value={scopes} onChange={setScopes} />
            <SelectField
                label={text('keys.life')} value={life} onChange={setLife} hint={text('keys.life.hint')}
                choices={lives.map((id) => ({ id, label: text(`keys.life.${id}`) }))}
            />
            <TextField label={text('keys.addresses')} name="addresses" value={addresses} onChange={setAddresses} hint={text('keys.addresses.hint')} />
        </DrawerForm>
    )
}
