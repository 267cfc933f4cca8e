import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCan, useSession } from '@/api/session'
import { LinkButton } from '@/components/button'
import { Page, Panel } from '@/components/page'
import { SettingsNav } from '@/components/settings-nav'
import { useText } from '@/lib/i18n/text'
import { AccessPanel } from './access-panel'
import { InvitationsPanel } from './invitations-panel'
import { KeysPanel } from './keys-panel'
import { MembersPanel } from './members-panel'
import { ProviderPanel } from './provider-panel'

export function SettingsPage() {
    const text = useText()
    const { open } = useSearch({ from: '/shell/settings' })
    const navigate = useNavigate({ from: '/settings' })
    const zone = useSession().company?.zone ?? 'UTC'
    const mayKeys = useCan('api_keys.manage')
    const mayMembers = useCan('members.manage')
    const maySeeMembers = useCan('members.read') || mayMembers
    const maySeeWebhooks = useCan('webhooks.read')
    const show = (drawer: 'invite' | 'key' | 'provider' | undefined) => void navigate({ search: drawer ? { open: drawer } : {}, replace: true })
    return (
        <Page title={text('nav.settings')}>
            <SettingsNav />
            <div className="grid gap-3">
                {maySeeMembers && <MembersPanel zone={zone} mayEdit={mayMembers} />}
                {maySeeMembers && <InvitationsPanel zone={zone} mayEdit={mayMembers} isAdding={open === 'invite' && mayMembers} show={show} />}
                {maySeeMembers && <AccessPanel mayEdit={mayMembers} />}
                {maySeeMembers && <ProviderPanel mayEdit={mayMembers} isSetting={open === 'provider' && mayMembers} show={show} />}
                {mayKeys && <KeysPanel zone={zone} isAdding={open === 'key'} show={show} />}
                {maySeeWebhooks && (
                    <Panel title={text('webhooks.title')} note={text('webhooks.note')}>
                        <LinkButton to="/settings/webhooks">{text('webhooks.open')}</LinkButton>
                    </Panel>
                )}
            </div>
        </Page>
    )
}
