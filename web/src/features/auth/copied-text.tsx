import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/button'
import { fieldLabel } from '@/components/field'
import { useText } from '@/lib/i18n/text'

/** A text that is needed elsewhere. */
export function CopiedText({ label, hint, value }: { label: string; hint?: string; value: string }) {
    const text = useText()
    const [copied, setCopied] = useState(false)
    const copy = async () => {
        await navigator.clipboard.writeText(value)
        setCopied(true)
    }
    return (
        <div className="flex flex-col gap-1">
            <span className={fieldLabel}>{label}</span>
            <div className="flex items-center gap-2">
                <code className="min-w-0 flex-1 rounded-md border border-line bg-sunken px-2.5 py-1.5 text-sm break-all select-all">{value}</code>
                <Button onPress={() => void copy()} aria-label={`${text('secret.copy')}: ${label}`}>
                    {copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
                    {text(copied ? 'secret.copied' : 'secret.copy')}
                </Button>
            </div>
            {hint && <span className="text-xs text-ink-soft">{hint}</span>}
        </div>
    )
}
