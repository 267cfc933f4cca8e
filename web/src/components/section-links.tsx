import { useText } from '@/lib/i18n/text'

/** The parts of a long page, each a link to its panel. */
export function SectionLinks({ links }: { links: [id: string, name: string][] }) {
    const text = useText()
    return (
        <nav aria-label={text('section.label')} className="-mx-1 mb-3 overflow-x-auto print:hidden">
            <ul className="flex min-w-max gap-0.5">
                {links.map(([id, name]) => (
                    <li key={id}>
                        <a href={`#${id}`} className="inline-flex h-7 items-center rounded-md px-2 text-sm text-ink-soft hover:bg-hover hover:text-ink pointer-coarse:h-10">
                            {name}
                        </a>
                    </li>
                ))}
            </ul>
        </nav>
    )
}
