# PowerShell completion for PROGRAM

Register-ArgumentCompleter -Native -CommandName PROGRAM -ScriptBlock {
    param($word, $line, $cursor)
    $program = $line.CommandElements[0].ToString()
    $words = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    # Before a new word there is none yet; an empty one would be lost on the way.
    if ($word -eq '') { $words += '--=' }
    & $program __complete @words 2>$null | ForEach-Object {
        $text, $about = $_ -split "`t", 2
        [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about)
    }
}
