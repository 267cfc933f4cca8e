import { useRouter } from '@tanstack/react-router'
import { Compass, Lock } from 'lucide-react'
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

export function Forbidden() {
    const text = useText()
    return (
        <Notice title={text('error.403.title')}>
            <Empty isPage icon={Lock} title={text('error.403.title')} detail={text('error.403.detail')} />
        </Notice>
    )
}
