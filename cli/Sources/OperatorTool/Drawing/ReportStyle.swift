/// How a report looks.
enum ReportStyle {
  static let text = """
    body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--ground); color: var(--text);
      font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; }
    h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; border-bottom: 1px solid var(--line); }
    h3 { font-size: 1rem; margin: .8rem 0 .2rem; } ul { margin: .2rem 0; } p { margin: .3rem 0; }
    .status { padding: 0 .5rem; border: 2px solid; border-radius: 4px; font-size: 1rem; }
    .verdict { font-weight: bold; } .facts, footer { color: var(--dim); }
    .well { color: var(--well); } .poor { color: var(--poor); } .ill { color: var(--ill); }
    td.ill { font-weight: bold; }
    .scroll { overflow-x: auto; } .cause, li { overflow-wrap: anywhere; }
    table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top; }
    th { color: var(--dim); font-weight: normal; } .number { text-align: right; white-space: nowrap; }
    .timeline { width: 100%; } .chart { width: 70%; }
    .bar { height: .9rem; margin-top: .3rem; background: var(--dim); }
    .bar.pause { background: none; border-top: 2px dotted var(--dim); height: 0; margin-top: .7rem; }
    pre { font: 12px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-x: auto; background: var(--box); padding: .5rem; }
    summary { cursor: pointer; } footer { margin-top: 2rem; font-size: .85rem; }
    @media print { details > * { display: block; } }
    """
}
