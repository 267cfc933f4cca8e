import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { call } from '@/api/client'
import { oneQuery } from '@/api/queries'
import { useSession } from '@/api/session'
import { Button } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { Drawer, DrawerForm } from '@/components/drawer'
import { ErrorNote } from '@/components/error-note'
import { TextField } from '@/components/field'
import { Panel } from '@/components/page'
import { SecretOnce } from '@/components/secret'
import { Failure, Waiting } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useConfirmed } from './confirm-password'
import { usePasskeyCount } from './passkey-count'

// Few people come here, and none twice.
const QrCode = lazy(() => import('./qr-code').then((module) => ({ default: module.QrCode })))

const factorQuery = oneQuery('GET /v1/account/second-factor', {})

interface Secret { secret: string; issuer: string }

/** As authenticator apps read it. Source: Google Authenticator's key URI format. */
function otpauth({ secret, issuer }: Secret, email: string): string {
    const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(email)}`
    return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`
}

function AppForm({ secret, onClose, onCodes }: { secret: Secret; onClose: () => void; onCodes: (codes: string[]) => void }) {
    const text = useText()
    const client = useQueryClient()
    const { email } = useSession().user
    const [code, setCode] = useState('')
    const save = async () => {
        const { recovery_codes } = await call('POST /v1/account/second-factor/finish', { body: { code } })
        await client.invalidateQueries()
        onClose()
        onCodes(recovery_codes)
    }
    return (
        <DrawerForm onSave={save} onClose={onClose} saveLabel={text('factor.finish')}>
            <p className="text-sm text-ink-soft">{text('factor.scan')}</p>
            <Suspense fallback={<div className="size-44" />}><QrCode value={otpauth(secret, email)} label={text('factor.qr')} /></Suspense>
            <p className="text-sm text-ink-soft">{text('factor.type')}</p>
            <code data-factor-secret className="rounded-md border border-line bg-sunken px-3 py-2 text-sm break-all select-all">
                {secret.secret.match(/.{1,4}/g)!.join(' ')}
            </code>
            <TextField
                label={text('factor.code')} name="code" value={code} onChange={setCode} hint={text('factor.code.hint')}
                inputMode="numeric" autoComplete="one-time-code" isRequired
            />
        </DrawerForm>
    )
}

/** Whether signing in asks for a code beside the password. */
export function SecondFactorPanel() {
    const text = useText()
    const format = useFormat()
    const client = useQueryClient()
    const zone = useSession().company?.zone ?? 'UTC'
    const { data, error, refetch } = useQuery(factorQuery)
    const { run, dialog } = useConfirmed()
    const [secret, setSecret] = useState<Secret | null>(null)
    const [codes, setCodes] = useState<string[] | null>(null)
    const [removing, setRemoving] = useState(false)
    const [failure, setFailure] = useState<unknown>(null)
    const act = (doing: () => Promise<unknown>) => {
        setFailure(null)
        run(doing).catch(setFailure)
    }
    const begin = async () => setSecret(await call('POST /v1/account/second-factor', {}))
    const renew = async () => {
        const { recovery_codes } = await call('POST /v1/account/second-factor/recovery-codes', {})
        await client.invalidateQueries({ queryKey: factorQuery.queryKey })
        setCodes(recovery_codes)
    }
    const remove = async () => {
        await call('DELETE /v1/account/second-factor', {})
        await client.invalidateQueries({ queryKey: factorQuery.queryKey })
    }
    const since = data?.since
    const passkeys = usePasskeyCount() ?? 0
    return (
        <Panel title={text('factor.title')} note={text('factor.note')}>
            {!data ? (error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting />) : (
                <div className="flex flex-col items-start gap-3 text-sm">
                    <p>
                        {since
                            ? text('factor.on', { at: format.dateTime(since, zone), count: data.recovery_codes })
                            : passkeys > 0 ? text('factor.off.passkeys', { count: data.recovery_codes }) : text('factor.off')}
                    </p>
                    <ErrorNote error={failure} />
                    <div className="flex flex-wrap gap-2">
                        {!since && <Button kind="primary" onPress={() => act(begin)}>{text('factor.add')}</Button>}
                        {(since || passkeys > 0) && <Button onPress={() => act(renew)}>{text('factor.codes.renew')}</Button>}
                        {since && <Button onPress={() => setRemoving(true)}>{text('factor.remove')}</Button>}
                    </div>
                </div>
            )}
            {dialog}
            <Drawer title={text('factor.add')} isOpen={secret !== null} onClose={() => setSecret(null)}>
                {secret && <AppForm secret={secret} onClose={() => setSecret(null)} onCodes={setCodes} />}
            </Drawer>
            <SecretOnce
                title={text('factor.codes')} note={text('factor.codes.note')} secret={codes?.join('\n') ?? null}
                onClose={() => setCodes(null)}
            />
            <Confirm
                title={text('factor.remove.title')} detail={text('factor.remove.detail')} action={text('factor.remove')}
                isOpen={removing} onClose={() => setRemoving(false)} onConfirm={() => run(remove)}
            />
        </Panel>
    )
}
