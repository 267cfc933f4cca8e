import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { IdentityProvider } from '@/api/schema'
import { Button } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { Drawer } from '@/components/drawer'
import { Facts, Panel } from '@/components/page'
import { Failure, Waiting } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { CopiedText } from './copied-text'
import { ProviderForm, providerQuery } from './provider-form'

function ProviderFacts({ provider }: { provider: IdentityProvider }) {
    const text = useText()
    const { sign_in_name, issuer, client_id, joins_as } = provider
    return (
        <div className="flex max-w-2xl flex-col gap-4">
            <Facts items={[
                [text('provider.sign_in_name'), sign_in_name],
                [text('provider.issuer'), issuer],
                [text('provider.client_id'), client_id],
                [text('provider.joins_as'), joins_as ? text(`role.${joins_as}`) : text('provider.joins_as.nobody')],
            ]} />
            <CopiedText label={text('provider.link')} hint={text('provider.link.hint')} value={`${window.location.origin}/sign-in/with/${sign_in_name}`} />
        </div>
    )
}

/** The OpenID provider that signs the company's people in. */
export function ProviderPanel({ mayEdit, isSetting, show }: {
    mayEdit: boolean; isSetting: boolean; show: (drawer: 'provider' | undefined) => void
}) {
    const text = useText()
    const client = useQueryClient()
    const { data, error, refetch } = useQuery(providerQuery)
    const [removing, setRemoving] = useState<string | null>(null) // the version that was seen
    const close = () => show(undefined)
    const remove = async () => {
        await call('DELETE /v1/identity-provider', { version: removing! })
        await client.invalidateQueries({ queryKey: providerQuery.queryKey })
    }
    return (
        <Panel
            title={text('provider.title')} note={text('provider.note')}
            tools={mayEdit && data && (
                <>
                    {data.provider && <Button kind="quiet" onPress={() => setRemoving(data.version)}>{text('provider.remove')}</Button>}
                    <Button onPress={() => show('provider')}>{text(data.provider ? 'provider.change' : 'provider.set')}</Button>
                </>
            )}
        >
            {error && <Failure error={error} retry={() => void refetch()} />}
            {!data && !error && <Waiting />}
            {data && (data.provider ? <ProviderFacts provider={data.provider} /> : <p className="text-sm">{text('provider.none')}</p>)}
            <Drawer title={text('provider.title')} isOpen={isSetting && data !== undefined} onClose={close}>
                {data && <ProviderForm setting={data} onClose={close} />}
            </Drawer>
            <Confirm
                title={text('provider.remove.title')} detail={text('provider.remove.detail')} action={text('provider.remove')}
                isOpen={removing !== null} onClose={() => setRemoving(null)} onConfirm={remove} load={() => refetch({ throwOnError: true })}
            />
        </Panel>
    )
}
