import AWSClient
import Testing

@Suite struct XMLReaderTests {
  private func read(_ text: String) throws -> XMLElement { try XMLReader.read(Array(text.utf8)) }

  @Test func anAnswer() throws {
    let root = try read(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- said by a service -->
      <s:ListResponse xmlns:s="urn:x" a='1'>
        <Items><Item><Name>a &amp; b &#60;&#x3e;</Name></Item><Item/></Items>
        <Text><![CDATA[<raw> & so]]> on</Text>
      </s:ListResponse>
      """)
    #expect(root.name == "ListResponse" && root.children.map(\.name) == ["Items", "Text"])
    #expect(root["Items"]?.all("Item").count == 2 && root["Items"]?.children[0].text("Name") == "a & b <>")
    #expect(root.text("Text") == "<raw> & so on" && root.text("Items", "Missing", "Name") == nil)
  }

  @Test(arguments: [
    ("", "an element is missing at byte 0"), ("<a>", "an element is cut off at byte 3"),
    ("<a></b>", "an element ends under another name"), ("<a/><b/>", "something follows the root element"),
    ("<a>&nbsp;</a>", "there is no entity nbsp"), ("<a>&#0;</a>", "there is no entity #0"),
    ("<a>&amp</a>", "an entity is not closed"), ("<a b></a>", "an attribute has no value"),
    ("<a b=c></a>", "an attribute's value has no quotes"),
    ("<a b='c></a>", "an attribute's value is cut off"),
    ("<a><!-- </a>", "--> is missing"), ("<a><![CDATA[x</a>", "]]> is missing"),
    ("< a/>", "a name is missing"),
    ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "a name is missing"), ("text", "an element is missing"),
  ])
  func whatIsNone(text: String, words: String) throws {
    let error = #expect(throws: XMLFlaw.self) { try read(text) }
    #expect(error?.description.hasPrefix(words) == true, "\(String(describing: error))")
  }

  @Test func depth() throws {
    let nested = { (count: Int) in
      String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
    }
    #expect(try read(nested(64)).name == "a")
    #expect(throws: XMLFlaw.self) { try read(nested(65)) }
  }
}
