import { useRouter } from '@tanstack/react-router'
import { Ban, Compass, Lock } from 'lucide-react'
import { useSession } from '@/api/session'
import { LinkButton } from '@/components/button'
import { Notice } from '@/components/notice'
import { Empty, Failure } from '@/components/states'
import { useText } from '@/lib/i18n/text'

export function NotFound() {
    const text = useText()
    return (
        <Notice title={text('error.page.title')}>
            <Empty
                isPage
                icon={Compass}
                title={text('error.page.title')}
                detail={text('error.page.detail')}
                action={<LinkButton to="/">{text('action.home')}</LinkButton>}
            />
        </Notice>
    )
}

export function Broken({ error }: { error: unknown }) {
    const router = useRouter()
    const text = useText()
    return (
        <Notice title={text('error.500.title')}>
            <Failure isPage error={error} retry={() => void router.invalidate()} />
        </Notice>
    )
}

/** What a member sees wherever they go in a company that Mobilytics keeps out. */
export function Suspended() {
    const text = useText()
    const { company } = useSession()
    const title = text('home.suspended', { company: company?.name ?? '' })
    return <Notice title={title}><Empty isPage icon={Ban} title={title} detail={text('home.suspended.detail')} /></Notice>
}

export function Forbidden() {
    const text = useText()
    return (
        <Notice title={text('error.403.title')}>
            <Empty isPage icon={Lock} title={text('error.403.title')} detail={text('error.403.detail')} />
        </Notice>
    )
}
