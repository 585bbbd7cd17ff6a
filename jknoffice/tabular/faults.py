"""Why a file cannot be read."""

from jknoffice.refusal import Refusal


class CannotRead(Refusal):
    """The file cannot be read. `fault` names the reason for machines, the text says what to do."""

    def __init__(self, fault: str, sentence: str) -> None:
        self.fault = fault
        super().__init__(sentence)
