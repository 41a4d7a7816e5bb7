import ArgumentParser

/// The shell's completion.
struct Completion: LocalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the completion script for a shell.",
    discussion: """
      bash: sdwan completion bash > ~/.local/share/bash-completion/completions/sdwan
      zsh: sdwan completion zsh > a folder of $fpath, as _sdwan
      fish: sdwan completion fish > ~/.config/fish/completions/sdwan.fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable, Sendable { case bash, zsh, fish }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  var text: String {
    let shell: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    return Sdwan.completionScript(for: shell)
  }
}
