import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCan, useSession } from '@/api/session'
import { Page } from '@/components/page'
import { useText } from '@/lib/i18n/text'
import { KeysPanel } from './keys-panel'
import { MembersPanel } from './members-panel'

export function SettingsPage() {
    const text = useText()
    const { open } = useSearch({ from: '/shell/settings' })
    const navigate = useNavigate({ from: '/settings' })
    const zone = useSession().company?.zone ?? 'UTC'
    const mayKeys = useCan('api_keys.manage')
    const mayMembers = useCan('members.manage')
    const maySeeMembers = useCan('members.read') || mayMembers
    const show = (drawer: 'member' | 'key' | undefined) => void navigate({ search: drawer ? { open: drawer } : {}, replace: true })
    return (
        <Page title={text('nav.settings')}>
            <div className="grid gap-3">
                {maySeeMembers && <MembersPanel zone={zone} mayEdit={mayMembers} isAdding={open === 'member' && mayMembers} show={show} />}
                {mayKeys && <KeysPanel zone={zone} isAdding={open === 'key'} show={show} />}
            </div>
        </Page>
    )
}
