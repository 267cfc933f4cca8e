import { useRouter } from '@tanstack/react-router'
import { Compass, Lock } from 'lucide-react'
import { LinkButton } from '@/components/button'
import { Empty, Failure } from '@/components/states'
import { useText } from '@/lib/i18n/text'

export function NotFound() {
    const text = useText()
    return (
        <main id="content" className="pt-12">
            <h1 className="sr-only">{text('error.404.title')}</h1>
            <Empty
                icon={Compass}
                title={text('error.page.title')}
                detail={text('error.page.detail')}
                action={<LinkButton to="/">{text('action.home')}</LinkButton>}
            />
        </main>
    )
}

export function Broken({ error }: { error: unknown }) {
    const router = useRouter()
    return <div className="pt-12"><Failure error={error} retry={() => void router.invalidate()} /></div>
}

export function Forbidden() {
    const text = useText()
    return <Empty icon={Lock} title={text('error.403.title')} detail={text('error.403.detail')} />
}
